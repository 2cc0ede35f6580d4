package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StartUpParametersTest {

    private final StartUpParameters parameters =
            new StartUpParameters(Map.of("session_authorization", "t1", "search_path", "public"), "OrderTest.pays");

    @Test
    void whatDriversAskForIsAccepted() {
        assertThatCode(() -> require("user", "t1", "database", "d", "DateStyle", "ISO", "application_name", "a"))
                .doesNotThrowAnyException();
    }

    @Test
    void whatIsSoAnywayIsAccepted() {
        assertThatCode(() -> require("search_path", "public")).doesNotThrowAnyException();
    }

    @Test
    void anotherRoleIsRefused() {
        assertThatThrownBy(() -> require("database", "d", "user", "postgres"))
                .isInstanceOf(Refusal.class)
                .hasMessage("role \"postgres\" is not the role of OrderTest.pays");
    }

    @Test
    void whatWouldMakeTheConnectionDifferIsRefusedByName() {
        assertThatThrownBy(() -> require("user", "t1", "search_path", "other"))
                .isInstanceOf(Refusal.class)
                .hasMessage("the connection parameter search_path=other is not possible in TRANSACTION isolation, in"
                        + " OrderTest.pays, where all connections share one session");
        assertThatThrownBy(() -> require("work_mem", "1MB")).isInstanceOf(Refusal.class);
    }

    private void require(String... namesAndValues) throws Refusal {
        var message = new WireWriter();
        message.octet('?');
        for (String text : namesAndValues) {
            message.text(text);
        }
        message.octet(0);
        var bytes = new byte[message.length()];
        message.copy(0, bytes, 0, bytes.length);
        parameters.requireAlike(bytes, 1, bytes.length);
    }
}
