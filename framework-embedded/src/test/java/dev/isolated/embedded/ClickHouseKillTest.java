package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.contract.OwnThread;
import dev.isolated.lease.Lease;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test ends queries of its own, and no others, whatever they are called. */
@Timeout(120)
class ClickHouseKillTest extends ClickHouseLeased {

    private static final String SLOW =
            "SELECT count() FROM numbers(30) WHERE NOT ignore(sleepEachRow(0.1)) SETTINGS max_block_size = 1";

    @Override
    int leases() {
        return 2;
    }

    @Test
    void aQueryWithTheSameIdInAnotherTestGoesOn() throws Exception {
        try (Lease<ClickHouse> other = bench.pool().lease("another test")) {
            CompletableFuture<HttpResponse<String>> own = begun(lease.handle());
            CompletableFuture<HttpResponse<String>> others = begun(other.handle());

            HttpResponse<String> killed =
                    ClickHouseHttp.post(lease.handle(), "", "KILL QUERY WHERE query_id = 'same' SYNC");

            assertThat(killed.statusCode()).as(killed.body()).isEqualTo(200);
            assertThat(own.get(20, TimeUnit.SECONDS).body()).contains("Code: 394. DB::Exception");
            assertThat(others.get(20, TimeUnit.SECONDS).body()).isEqualTo("30\n");
        }
    }

    @Test
    void aQueryOfAnotherTestIsNotFound() throws Exception {
        try (Lease<ClickHouse> other = bench.pool().lease("another test")) {
            CompletableFuture<HttpResponse<String>> others = begun(other.handle());

            for (String end : new String[] {"SYNC", "ASYNC"}) {
                HttpResponse<String> killed =
                        ClickHouseHttp.post(lease.handle(), "", "KILL QUERY WHERE query_id = 'same' " + end);
                assertThat(killed.body()).as(end).isEmpty();
            }
            assertThat(others.get(20, TimeUnit.SECONDS).body()).isEqualTo("30\n");
        }
    }

    /** A slow query that the server is at. */
    private CompletableFuture<HttpResponse<String>> begun(ClickHouse handle) {
        var answer = OwnThread.supply(() -> ask(handle));
        await().until(() -> queries(handle, "sleepEachRow") == 1);
        return answer;
    }

    private static HttpResponse<String> ask(ClickHouse handle) {
        try {
            return ClickHouseHttp.post(handle, "&query_id=same", SLOW);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
