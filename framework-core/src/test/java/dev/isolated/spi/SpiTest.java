package dev.isolated.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.error.LeaseEndedException;
import dev.isolated.settings.Secret;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SpiTest {

    @Test
    void aTenantIsWelcomeUntilItsTimeIsOver() {
        var tenant = new Tenant("CheckoutTest.paysOnce");
        tenant.verify();
        assertThat(tenant.ended()).isFalse();

        tenant.end();

        assertThat(tenant.ended()).isTrue();
        assertThatThrownBy(tenant::verify)
                .isInstanceOf(LeaseEndedException.class)
                .hasMessage(
                        "Could not use a handle that belonged to CheckoutTest.paysOnce: expected it to be used before"
                                + " that test ended, but found the test has ended and its data is gone. What to do: stop or await the"
                                + " threads, pools and clients that the test started before it returns.");
    }

    @Test
    void whatWasReportedCanBeReadInItsOrder() {
        var tenant = new Tenant("a test");
        tenant.report("a connection");
        var before = tenant.findings();
        tenant.report("a statement");
        assertThat(before).containsExactly("a connection");
        assertThat(tenant.findings()).containsExactly("a connection", "a statement");
    }

    @Test
    void aServerPrintsWhereItIsAndNeverItsPassword() {
        var released = new AtomicInteger();
        var server = new Server(
                "postgres",
                "embedded",
                "",
                Endpoint.plain("127.0.0.1", 5432, "postgres", Secret.of("first")),
                Tenure.RUN,
                new Hold() {
                    @Override
                    public void release() {
                        released.incrementAndGet();
                    }
                });
        var changed = server.withPassword(Secret.of("second"), "18.6");

        assertThat(changed).hasToString("postgres 18.6 (embedded, 127.0.0.1:5432)");
        assertThat(changed.endpoint().password()).isEqualTo(Secret.of("second"));
        assertThat(server.endpoint().password()).isEqualTo(Secret.of("first"));
        changed.close();
        assertThat(released).hasValue(1);
    }

    @Test
    void aRequestIsForTheDefaultModeUnlessItNamesOne() {
        assertThat(Request.of(String.class)).isEqualTo(new Request(String.class, "", List.of()));
    }
}
