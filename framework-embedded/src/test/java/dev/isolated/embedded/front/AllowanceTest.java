package dev.isolated.embedded.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AllowanceTest {

    private static final int MEGABYTE = 1 << 20;

    @Test
    void oneMayGoAheadAndTheOthersWaitAndNotForEver() throws Exception {
        var hasty = new Allowance(2 * MEGABYTE, Duration.ofMillis(1));
        Allowance.Share one = hasty.share();
        try (Allowance.Share other = hasty.share()) {
            one.take(MEGABYTE);
            other.take(MEGABYTE);
            one.take(MEGABYTE);
            assertThatThrownBy(() -> other.take(MEGABYTE))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("Code: 241.")
                    .hasMessageContaining("at most 2 MB")
                    .hasMessageContaining("behind a FORMAT");
            one.close();
            other.take(MEGABYTE);
        }
    }

    @Test
    void whatIsGivenBackIsWaitedFor() throws Exception {
        var patient = new Allowance(2 * MEGABYTE, Duration.ofMinutes(1));
        try (Allowance.Share next = patient.share();
                Allowance.Share ahead = patient.share()) {
            CompletableFuture<Boolean> waiting;
            try (Allowance.Share held = patient.share()) {
                held.take(2 * MEGABYTE);
                ahead.take(MEGABYTE);
                waiting = CompletableFuture.supplyAsync(() -> taken(next));
                assertThat(waiting).isNotDone();
            }
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatNeverHasRoomIsRefusedAtOnce() {
        var small = new Allowance(MEGABYTE, Duration.ofMinutes(1));
        assertThatThrownBy(() -> small.share().take(2 * MEGABYTE)).hasMessageContaining("Code: 241.");
    }

    private static boolean taken(Allowance.Share share) {
        try {
            share.take(1);
            return true;
        } catch (EngineException e) {
            return false;
        }
    }
}
