package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.error.IsolationException;
import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that lets nobody in without TLS. */
class ExternalTlsTest {

    @TempDir
    private static Path directory;

    private static OwnServer own;
    private static Path authority;

    @BeforeAll
    static void start() throws Exception {
        own = OwnServer.start();
        authority = Certificate.made(directory, "own", "ip:127.0.0.1").installOn(own);
        // The tests' own connections look around in template1.
        own.write(
                "pg_hba.conf",
                List.of("host template1 postgres 127.0.0.1/32 password", "hostssl all all 127.0.0.1/32 password"));
        own.run("SELECT pg_reload_conf()");
        await().until(() -> own.list("SELECT count(*) FROM pg_hba_file_rules WHERE type = 'hostssl'")
                .equals(List.of("1")));
    }

    @AfterAll
    static void stop() {
        own.close();
    }

    @Test
    void everyConnectionIsEncryptedTheCancellingOnesToo() throws Exception {
        for (Map<String, String> more : List.of(Map.of("isolated.postgres.tls", "on"), verified(authority))) {
            try (Slices<Postgres> slices = own.connect(Bench.newRun(), more)) {
                Slice<Postgres> slice = slices.create(1);
                try (Connection connection =
                                slice.handOut(new Tenant("TlsTest.any")).connection();
                        Statement statement = connection.createStatement()) {
                    assertThat(unencrypted()).isZero();
                    statement.setQueryTimeout(1);
                    assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(30)"))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("canceling statement due to user request");
                }
                slice.destroy();
            }
        }
    }

    private static long unencrypted() throws SQLException {
        List<String> count = own.list("SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                + " WHERE application_name LIKE 'isolated%' AND NOT ssl");
        assertThat(own.list("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'isolated%'"))
                .isEqualTo(List.of("2"));
        return Long.parseLong(count.get(0));
    }

    @Test
    void withoutTlsItIsRefusedAndWhatToSetIsSaid() {
        refused(Map.of())
                .hasMessageContaining("expected its pg_hba.conf to let in postgres without TLS")
                .hasMessageContaining("set isolated.postgres.tls=on");
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTrusted() throws Exception {
        Path other = Certificate.made(directory, "other", "ip:127.0.0.1").file();
        refused(verified(other))
                .hasMessageContaining("a certificate of an authority in " + other)
                .hasMessageContaining("because isolated.postgres.tls is verify")
                .hasMessageContaining("set isolated.postgres.tls-authority");
        refused(Map.of("isolated.postgres.tls", "verify"))
                .hasMessageContaining("a certificate of an authority in Java's own list");
    }

    @Test
    void aServerOfAnotherNameIsNotTrusted() {
        var more = new HashMap<>(verified(authority));
        more.put("isolated.postgres.host", "localhost");
        refused(more)
                .hasMessageContaining("expected its certificate to be in the name localhost")
                .hasMessageContaining("No name matching localhost found")
                .hasMessageContaining("set isolated.postgres.host to a name that is in the certificate");
    }

    @Test
    void anAuthorityWithoutCertificatesIsNamed() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        refused(verified(empty)).hasMessageContaining("there is no certificate in " + empty);
        Path garbled = Files.writeString(
                directory.resolve("garbled.pem"), "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n");
        refused(verified(garbled)).hasMessageContaining("isolated.postgres.tls-authority");
    }

    private static Map<String, String> verified(Path authority) {
        return Map.of("isolated.postgres.tls", "verify", "isolated.postgres.tls-authority", authority.toString());
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(Map<String, String> more) {
        return assertThatThrownBy(() -> own.connect(Bench.newRun(), more).close())
                .isExactlyInstanceOf(IsolationException.class);
    }
}
