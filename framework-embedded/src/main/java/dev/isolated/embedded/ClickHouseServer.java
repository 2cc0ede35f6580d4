package dev.isolated.embedded;

import dev.isolated.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A ClickHouse server of somebody else's making, with a configuration of this library's. Immutable. */
record ClickHouseServer(ClickHouseProgram program) implements Engine {

    static final String READY = "Ready for connections.";
    static final String PORT_TAKEN = "Address already in use";

    private static final String CONFIGURATION = "config.xml";
    private static final String USERS = "users.xml";

    /**
     * Everything is below the working directory. Of all the ways in there is but HTTP, on loopback, and of all the logs that
     * are tables but the one of queries. More threads in the background than there are cores: mutations wait for one.
     */
    private static final String SERVER = """
            <clickhouse>
              <logger><level>information</level><console>1</console></logger>
              <listen_host>127.0.0.1</listen_host>
              <path>./</path>
              <tmp_path>./tmp/</tmp_path>
              <user_files_path>./user_files/</user_files_path>
              <format_schema_path>./format_schemas/</format_schema_path>
              <access_control_path>./access/</access_control_path>
              <users_config>users.xml</users_config>
              <default_profile>default</default_profile>
              <default_database>default</default_database>
              <query_log>
                <database>system</database>
                <table>query_log</table>
                <flush_interval_milliseconds>500</flush_interval_milliseconds>
              </query_log>
              <mark_cache_size>67108864</mark_cache_size>
              <uncompressed_cache_size>0</uncompressed_cache_size>
              <background_pool_size>16</background_pool_size>
              <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
              <shutdown_wait_unfinished>0</shutdown_wait_unfinished>
            </clickhouse>
            """;

    /** The administrator may make users and grant all that there is. */
    private static final String ACCOUNTS = """
            <clickhouse>
              <profiles><default/></profiles>
              <quotas><default/></quotas>
              <users>
                <%1$s>
                  <password_sha256_hex>%2$s</password_sha256_hex>
                  <networks><ip>127.0.0.1</ip></networks>
                  <profile>default</profile>
                  <quota>default</quota>
                  <access_management>1</access_management>
                  <named_collection_control>1</named_collection_control>
                </%1$s>
              </users>
            </clickhouse>
            """;

    @Override
    public Optional<String> refusal(Settings settings) {
        return program.unusable().map(it -> EmbeddedKeys.CLICKHOUSE + " is " + program.file() + ", which " + it);
    }

    @Override
    public Recipe recipe(Settings settings, Account account, Places places) throws IOException {
        places.requireReachable(program.file(), EmbeddedKeys.CLICKHOUSE);
        ClickHouseData data = data(account, places);
        int differences = Objects.hash(program.file().toString(), program.version(), data.directory(), Host.VERSION);
        return new Recipe(
                String.format("clickhouse-%08x", differences),
                data.directory(),
                this::command,
                port -> Optional.empty(),
                READY,
                PORT_TAKEN,
                ClickHouseData.ADMINISTRATOR,
                data.password());
    }

    /** The program is not this library's to remove. */
    @Override
    public void distrust(Places places) {}

    static ClickHouseData data(Account account, Places places) throws IOException {
        return ClickHouseData.prepared(
                places.cache().resolve("clickhouse-server-data-" + Integer.toHexString(Objects.hash(SERVER, ACCOUNTS))),
                account,
                hash -> Map.of(CONFIGURATION, SERVER, USERS, ACCOUNTS.formatted(ClickHouseData.ADMINISTRATOR, hash)));
    }

    /** Without a second process that watches the first: the host does. */
    List<String> command(int port) {
        var line = new ArrayList<>(List.of("env", "CLICKHOUSE_WATCHDOG_ENABLE=0"));
        line.addAll(program.server(
                "--config-file=" + CONFIGURATION, "--pid-file=clickhouse.pid", "--", "--http_port=" + port));
        return line;
    }
}
