package dev.isolated.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.isolated.contract.Bench;
import dev.isolated.contract.InMemory;
import dev.isolated.contract.InMemoryService;
import dev.isolated.contract.Together;
import dev.isolated.settings.Settings;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolStressTest {

    private static final int THREADS = 50;
    private static final int LEASES = 10_000;

    @ParameterizedTest
    @CsvSource({"true, 50", "false, 50", "true, 7", "false, 7"})
    void fiftyThreadsTakeTenThousandLeasesAndLeaveNothing(boolean inline, int most) throws Exception {
        var service = new InMemoryService(inline);
        var settings = Settings.builder()
                .layer("test", Map.of("isolated.environments.max", Integer.toString(most)))
                .build();
        try (var bench = Bench.open(service, service.server(), InMemoryService.MODE, settings)) {
            Together.run(THREADS, thread -> {
                for (int i = 0; i < LEASES / THREADS; i++) {
                    String mine = thread + "." + i;
                    try (Lease<InMemory> lease = bench.pool().lease(mine)) {
                        lease.handle().put("the one key", mine);
                        assertThat(lease.handle().read()).containsExactly(entry("the one key", mine));
                    }
                }
            });
            bench.awaitRest();
            assertThat(bench.slices().created()).isLessThanOrEqualTo(most);
            assertThat(bench.registry().get("isolated.lease.held").timer().count())
                    .isEqualTo(LEASES);
        }
        assertThat(service.slices()).isEmpty();
    }
}
