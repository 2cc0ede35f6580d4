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

    private static final String USERS = """
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
                  <grants><query>GRANT $ALL, $NAMES</query></grants>
                </default>
              </users>
              <roles>
                <$ALL><grants><query>GRANT ALL ON *.* WITH GRANT OPTION</query></grants></$ALL>
            $ROLES
              </roles>
            </clickhouse>
            """;

    /** What a test may do: anything in databases of its own, and with tables of its own in the one that all share. */
    private static final String ROLE = """
            <$ROLE><grants>
              <query>GRANT ALL ON $ROLE_*.*</query>
              <query>GRANT ALL ON default.$ROLE_*</query>
              <query>GRANT CREATE TEMPORARY TABLE, SYSTEM FLUSH ASYNC INSERT QUEUE ON *.*</query>
            </grants></$ROLE>""";

    private Configuration() {}

    /** Writes it into the working directory. */
    static void write() throws IOException {
        Files.writeString(Path.of(FILE), SERVER);
        Files.writeString(Path.of(USERS_FILE), users());
    }

    /**
     * The user has to be granted a role to be able to take it. Put together by the simplest means: a start waits for it, and
     * they are many.
     */
    private static String users() {
        List<String> roles =
                IntStream.range(0, Accounts.MOST).mapToObj(Accounts::role).toList();
        return USERS.replace("$ALL", Accounts.ALL)
                .replace("$NAMES", String.join(", ", roles))
                .replace(
                        "$ROLES",
                        roles.stream().map(role -> ROLE.replace("$ROLE", role)).collect(Collectors.joining("\n")));
    }
}
