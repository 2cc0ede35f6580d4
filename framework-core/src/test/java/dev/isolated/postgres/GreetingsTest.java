package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.postgres.Greetings.Greeting;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GreetingsTest {

    private final Greetings greetings = new Greetings(Map.of(
            "session_authorization", "t1", "search_path", "public", "server_version", "18.6", "TimeZone", "Etc/UTC"));

    @Test
    void whoAsksForTheSameAgainIsGreetedWithTheSame() throws Refusal {
        Greeting first = greeting(Isolation.READ_COMMITTED, "user", "t1", "search_path", "public");

        assertThat(greeting(Isolation.READ_COMMITTED, "user", "t1", "search_path", "public"))
                .isSameAs(first);
    }

    @Test
    void whoAsksForSomethingElseIsGreetedWithThat() throws Refusal {
        Greeting plain = greeting(Isolation.READ_COMMITTED, "user", "t1");
        Greeting other = greeting(Isolation.READ_COMMITTED, "user", "t1", "search_path", "other");

        assertThat(plain.own()).isEmpty();
        assertThat(other.own()).containsExactly(Map.entry("search_path", "other"));
        assertThat(other.parameters()).containsEntry("search_path", "other").containsEntry("server_version", "18.6");
        assertThat(greeting(Isolation.READ_COMMITTED, "user", "t1").parameters())
                .containsEntry("search_path", "public");
    }

    @Test
    void parametersAreCalledAsTheServerCallsThem() throws Refusal {
        Greeting greeting =
                greeting(Isolation.READ_COMMITTED, "user", "t1", "TIMEZONE", "Asia/Tokyo", "work_mem", "5MB");

        assertThat(greeting.own()).containsOnly(Map.entry("timezone", "Asia/Tokyo"), Map.entry("work_mem", "5MB"));
        assertThat(greeting.parameters().keySet())
                .containsExactlyInAnyOrder("session_authorization", "search_path", "server_version", "TimeZone");
        assertThat(greeting.parameters()).containsEntry("TimeZone", "Asia/Tokyo");
    }

    @Test
    void whatOneLevelAllowsAnotherStillRefuses() throws Refusal {
        String[] asked = {"user", "t1", "default_transaction_isolation", "serializable"};
        greeting(Isolation.SERIALIZABLE, asked);

        assertThatThrownBy(() -> greeting(Isolation.READ_COMMITTED, asked))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("default_transaction_isolation=serializable is not possible");
    }

    private Greeting greeting(Isolation isolation, String... namesAndValues) throws Refusal {
        var message = new WireWriter();
        message.int32(0);
        for (String text : namesAndValues) {
            message.text(text);
        }
        message.octet(0);
        var bytes = new byte[message.length()];
        message.copy(0, bytes, 0, bytes.length);
        return greetings.of(bytes, Integer.BYTES, bytes.length, isolation, "OrderTest.pays");
    }
}
