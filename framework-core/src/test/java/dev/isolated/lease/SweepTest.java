package dev.isolated.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.Captured;
import dev.isolated.contract.InMemoryService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Slices;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepTest {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

    private final InMemoryService service = new InMemoryService(true);
    private final AtomicLong now = new AtomicLong();
    private final Slices<?> witness = connect("0000000a");
    private final Sweep sweep = new Sweep(witness, service.server(), now::get);

    @BeforeEach
    void leaveSomething() {
        var unused = connect("0000000b").create(1);
        service.crash("0000000b");
    }

    @Test
    void whatIsFoundAgainLaterIsRemoved() {
        sweep.run();
        assertThat(service.slices()).hasSize(1);

        now.addAndGet(LONG_ENOUGH.toNanos());
        try (var log = new Captured("dev.isolated.lease")) {
            sweep.run();
            assertThat(log.lines(Level.INFO))
                    .containsExactly(
                            "removed map 0000000b_1 of a run that has ended from memory 1 (test, localhost:1)");
        }
        assertThat(service.slices()).isEmpty();
    }

    @Test
    void anOwnerThatComesBackInTimeKeepsWhatItHas() {
        sweep.run();
        now.addAndGet(LONG_ENOUGH.toNanos() - 1);
        sweep.run();
        var unused = connect("0000000b");
        now.addAndGet(LONG_ENOUGH.toNanos());

        sweep.run();

        assertThat(service.slices()).hasSize(1);
    }

    @Test
    void anOwnerThatIsLostTwiceHasItsTimeTwice() {
        sweep.run();
        var unused = connect("0000000b");
        sweep.run();
        service.crash("0000000b");
        now.addAndGet(LONG_ENOUGH.toNanos());

        sweep.run();

        assertThat(service.slices()).hasSize(1);
    }

    private Slices<?> connect(String run) {
        return service.connect(
                service.server(),
                new Plan(InMemoryService.MODE, Settings.builder().build(), run));
    }
}
