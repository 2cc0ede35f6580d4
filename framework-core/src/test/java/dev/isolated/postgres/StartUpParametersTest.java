package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StartUpParametersTest {

    private final StartUpParameters parameters = new StartUpParameters(
            Map.of("session_authorization", "t1", "search_path", "public", "TimeZone", "UTC"),
            Isolation.REPEATABLE_READ,
            "OrderTest.pays");

    @Test
    void whatDriversAskForAnywayMakesNoDifference() throws Refusal {
        assertThat(own("user", "t1", "database", "d", "DateStyle", "ISO", "client_encoding", "UTF8"))
                .isEmpty();
        assertThat(own("application_name", "PostgreSQL JDBC Driver", "extra_float_digits", "2", "timezone", "UTC"))
                .isEmpty();
        assertThat(own("search_path", "public")).isEmpty();
    }

    @Test
    void whatDiffersIsTheConnectionsOwn() throws Refusal {
        assertThat(own("user", "t1", "search_path", "other", "TimeZone", "Asia/Tokyo"))
                .isEqualTo(Map.of("search_path", "other", "timezone", "Asia/Tokyo"));
    }

    @Test
    void optionsAreReadAsTheServerDoes() throws Refusal {
        assertThat(own("options", "-c app.tenant=a\\ b -cwork_mem=1MB --statement-timeout=5s"))
                .isEqualTo(Map.of("app.tenant", "a b", "work_mem", "1MB", "statement_timeout", "5s"));
        assertThatThrownBy(() -> own("options", "-c work_mem=1MB -B 5"))
                .hasMessageContaining("the connection parameter options=-c work_mem=1MB -B 5 is not possible");
    }

    @Test
    void anotherRoleIsRefused() {
        assertThatThrownBy(() -> own("database", "d", "user", "postgres"))
                .isInstanceOf(Refusal.class)
                .hasMessage("role \"postgres\" is not the role of OrderTest.pays");
    }

    @Test
    void strongerIsolationAndReplicationAreRefusedByName() throws Refusal {
        assertThat(own("default_transaction_isolation", "repeatable read")).hasSize(1);
        assertThatThrownBy(() -> own("default_transaction_isolation", "serializable"))
                .isInstanceOf(Refusal.class)
                .hasMessage("the connection parameter default_transaction_isolation=serializable is not possible in"
                        + " TRANSACTION isolation, in OrderTest.pays");
        assertThatThrownBy(() -> own("replication", "database")).isInstanceOf(Refusal.class);
    }

    private Map<String, String> own(String... namesAndValues) throws Refusal {
        var message = new WireWriter();
        message.octet('?');
        for (String text : namesAndValues) {
            message.text(text);
        }
        message.octet(0);
        var bytes = new byte[message.length()];
        message.copy(0, bytes, 0, bytes.length);
        return parameters.own(bytes, 1, bytes.length);
    }
}
