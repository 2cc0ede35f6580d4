package dev.isolated.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.isolated.contract.InMemoryService;
import dev.isolated.environment.Catalog;
import dev.isolated.error.SettingsException;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import dev.isolated.spi.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a server of the user's own is, as settings and variables say it. */
class ExternalSourceTest {

    private final ExternalSource source = new ExternalSource();
    private final PostgresService postgres = new PostgresService();

    @Test
    void isOnTheClassPathOfWhoeverHasTheCore() {
        assertThat(Catalog.found().keys())
                .extracting(Key::name)
                .contains(
                        "isolated.postgres.host",
                        "isolated.postgres.port",
                        "isolated.postgres.user",
                        "isolated.postgres.password",
                        "isolated.postgres.tls",
                        "isolated.postgres.tls-authority");
    }

    @Test
    void refusesWithoutAHostAndServicesThatDoNotSayHowTheyAreReached() {
        assertThat(source.refusal(postgres, settings(Map.of()))).contains("isolated.postgres.host is not set");
        assertThat(source.refusal(postgres, settings(Map.of("isolated.postgres.host", "db"))))
                .isEmpty();
        var unknown = new InMemoryService(true);
        assertThat(source.keys(unknown)).isEmpty();
        assertThat(source.variables(unknown, Map.of("TEST_MEMORY_HOST", "db"))).isEmpty();
        assertThat(source.refusal(unknown, settings(Map.of())))
                .contains(unknown.name() + " does not say how a server of it is reached");
    }

    @Test
    void aServerIsWhatTheSettingsSay(@TempDir Path directory) throws IOException {
        Path authority = Files.createFile(directory.resolve("authority.pem"));
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Server server = source.start(
                    postgres,
                    settings(Map.of(
                            "isolated.postgres.host", "127.0.0.1",
                            "isolated.postgres.port", Integer.toString(listening.getLocalPort()),
                            "isolated.postgres.user", "tester",
                            "isolated.postgres.password", "hunter2",
                            "isolated.postgres.tls", "verify",
                            "isolated.postgres.tls-authority", authority.toString())));

            assertThat(server).hasToString("postgres (external, 127.0.0.1:" + listening.getLocalPort() + ")");
            assertThat(server.tenure()).isEqualTo(Tenure.FOREIGN);
            assertThat(server.hold()).isSameAs(Hold.NONE);
            assertThat(server.endpoint().user()).isEqualTo("tester");
            assertThat(server.endpoint().password().reveal()).isEqualTo("hunter2");
            assertThat(server.endpoint().tls()).isEqualTo(Tls.VERIFY);
            assertThat(server.endpoint().authority()).contains(authority);
            assertThat(server.endpoint().toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void anAuthorityThatCannotBeReadIsAnErrorThatNamesIt() {
        var settings = settings(Map.of(
                "isolated.postgres.host", "127.0.0.1", "isolated.postgres.tls-authority", "/nowhere/authority.pem"));
        assertThatThrownBy(() -> source.start(postgres, settings))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("use the setting isolated.postgres.tls-authority")
                .hasMessageContaining("found none at /nowhere/authority.pem");
    }

    @Test
    void aPasswordIsNeverPrinted() {
        var settings = settings(Map.of("isolated.postgres.password", "hunter2", "isolated.postgres.user", "tester"));

        assertThat(settings)
                .hasToString("Settings[isolated.postgres.password=*** (test), isolated.postgres.user=tester (test)]");
        assertThatThrownBy(() -> settings(Map.of("isolated.postgres.pasword", "hunter2")))
                .hasMessageContaining("isolated.postgres.password")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void theVariablesOfTheConventionLeadToAServer() {
        assertThat(variables(Map.of("TEST_POSTGRES_HOST", "db")))
                .containsOnly(entry("isolated.postgres.host", "db"), entry("isolated.postgres.port", "5434"));
        assertThat(variables(Map.of(
                        "TEST_POSTGRES_HOST", " db ",
                        "TEST_POSTGRES_PORT", "6000",
                        "TEST_POSTGRES_USER", "tester",
                        "TEST_POSTGRES_PASSWORD", "hunter2",
                        "TEST_MYSQL_HOST", "other")))
                .containsOnly(
                        entry("isolated.postgres.host", "db"),
                        entry("isolated.postgres.port", "6000"),
                        entry("isolated.postgres.user", "tester"),
                        entry("isolated.postgres.password", "hunter2"));
        assertThat(variables(Map.of("TEST_POSTGRES_HOST", "db", "TEST_POSTGRES_HTTP_PORT", "8123")))
                .containsEntry("isolated.postgres.port", "8123");
    }

    @Test
    void withoutAHostOfTheirOwnTheVariablesOfTheConventionMeanNothing() {
        var rest = new HashMap<>(Map.of("TEST_POSTGRES_PORT", "6000", "TEST_POSTGRES_PASSWORD", "hunter2"));
        assertThat(variables(rest)).isEmpty();
        rest.put("TEST_POSTGRES_HOST", "");
        assertThat(variables(rest)).isEmpty();
        rest.put("TEST_POSTGRES_HOST", "db");
        rest.put("ISOLATED_POSTGRES_HOST", "stronger");
        assertThat(variables(rest)).isEmpty();
    }

    private Map<String, String> variables(Map<String, String> environment) {
        return source.variables(postgres, environment);
    }

    private Settings settings(Map<String, String> texts) {
        return Settings.builder()
                .declare(source.keys(postgres))
                .layer("test", texts)
                .build();
    }
}
