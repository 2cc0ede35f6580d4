package dev.isolated.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.Bench;
import dev.isolated.contract.Captured;
import dev.isolated.contract.InMemory;
import dev.isolated.contract.InMemoryService;
import dev.isolated.settings.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class LeakWatchTest {

    private final AtomicLong clock = new AtomicLong();
    private final InMemoryService service = new InMemoryService(true);

    @Test
    void aLeaseHeldTooLongIsReportedOnceWithTheStackThatTookIt() {
        try (var log = new Captured("dev.isolated.lease");
                Bench<InMemory> bench = bench();
                Lease<InMemory> lease = bench.pool().lease("SlowTest.takesItsTime")) {
            var leaks = new SimpleMeterRegistry().counter("leaks");
            var watch = new LeakWatch(() -> List.of(lease), Duration.ofSeconds(60), clock::get, leaks);

            clock.set(Duration.ofMillis(59_999).toNanos());
            watch.run();
            assertThat(log.lines(Level.WARNING)).isEmpty();

            clock.set(Duration.ofSeconds(60).toNanos());
            watch.run();
            watch.run();
            assertThat(log.lines(Level.WARNING))
                    .containsExactly("possible leak: SlowTest.takesItsTime for 60000 ms (thread "
                            + Thread.currentThread().getName() + ", "
                            + lease.handle().name() + ")");
            assertThat(log.thrown(Level.WARNING)).singleElement().satisfies(where -> {
                assertThat(where).hasMessage("the lease of SlowTest.takesItsTime was taken here");
                assertThat(Arrays.stream(where.getStackTrace()).map(StackTraceElement::getMethodName))
                        .contains("aLeaseHeldTooLongIsReportedOnceWithTheStackThatTookIt");
            });
            assertThat(leaks.count()).isEqualTo(1);
        }
    }

    @Test
    void everyLeaseIsReportedInItsOwnRight() {
        try (var log = new Captured("dev.isolated.lease");
                Bench<InMemory> bench = bench();
                Lease<InMemory> one = bench.pool().lease("the one");
                Lease<InMemory> other = bench.pool().lease("the other")) {
            var watch = new LeakWatch(
                    () -> List.of(one, other), Duration.ZERO, clock::get, new SimpleMeterRegistry().counter("leaks"));
            watch.run();
            assertThat(log.lines(Level.WARNING)).hasSize(2).anyMatch(it -> it.contains("the one for 0 ms"));
        }
    }

    private Bench<InMemory> bench() {
        return Bench.open(
                service,
                service.server(),
                InMemoryService.MODE,
                Settings.builder().build(),
                clock::get);
    }
}
