package dev.isolated.embedded.front;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the engine reads when it starts: its one user, and the roles that the front chooses from. Stateless. */
final class Configuration {

    static final String FILE = "config.xml";

    private static final String USERS_FILE = "users.xml";

    /** More threads in the background than there are cores: mutations wait for one. */
    private static final String SERVER = """
            <clickhouse>
              <users_config>users.xml</users_config>
              <background_pool_size>16</background_pool_size>
              <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
            </clickhouse>
            """;

    private Configuration() {}

    /** Writes it into the working directory. */
    static void write() throws IOException {
        Files.writeString(Path.of(FILE), SERVER);
        Files.writeString(Path.of(USERS_FILE), users());
    }

    /** The user has to be granted a role to be able to take it. */
    private static String users() {
        List<String> roles =
                IntStream.range(0, Accounts.MOST).mapToObj(Accounts::role).toList();
        return """
                <clickhouse>
                  <profiles><default><constraints>
                    <validate_mutation_query><const/></validate_mutation_query>
                    <default_view_definer><const/></default_view_definer>
                    <default_normal_view_sql_security><const/></default_normal_view_sql_security>
                    <default_materialized_view_sql_security><const/></default_materialized_view_sql_security>
                  </constraints></default></profiles>
                  <quotas><default/></quotas>
                  <users>
                    <default>
                      <password></password>
                      <profile>default</profile>
                      <quota>default</quota>
                      <networks><ip>::/0</ip></networks>
                      <grants><query>GRANT %1$s, %2$s</query></grants>
                    </default>
                  </users>
                  <roles>
                    <%1$s><grants><query>GRANT ALL ON *.* WITH GRANT OPTION</query></grants></%1$s>
                %3$s
                  </roles>
                </clickhouse>
                """.formatted(
                        Accounts.ALL,
                        String.join(", ", roles),
                        roles.stream().map(Configuration::role).collect(Collectors.joining("\n")));
    }

    /** What a test may do: anything in databases of its own, and with tables of its own in the one that all share. */
    private static String role(String name) {
        return """
                <%1$s><grants>
                  <query>GRANT ALL ON %1$s_*.*</query>
                  <query>GRANT ALL ON default.%1$s_*</query>
                  <query>GRANT CREATE TEMPORARY TABLE, SYSTEM FLUSH ASYNC INSERT QUEUE ON *.*</query>
                </grants></%1$s>""".formatted(name);
    }
}
