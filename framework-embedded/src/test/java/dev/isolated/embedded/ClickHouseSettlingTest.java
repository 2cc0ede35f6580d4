package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.OwnThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Waiting for what ClickHouse does by itself to a test's tables. */
class ClickHouseSettlingTest extends ClickHouseLeased {

    private static final Duration ENOUGH = Duration.ofSeconds(30);

    @Test
    void aMutationThatIsUnderWayIsNamedAndWaitedFor() throws Exception {
        run("CREATE TABLE slow (id UInt64, n UInt64) ENGINE = MergeTree ORDER BY id");
        run("INSERT INTO slow SELECT number, 0 FROM numbers(10)");
        run("ALTER TABLE slow UPDATE n = 1 + sleepEachRow(0.1) WHERE 1 SETTINGS mutations_sync = 0");

        assertThatThrownBy(() -> lease.handle().settle(Duration.ofMillis(1)))
                .hasMessageContaining("to settle: expected mutations, merges and inserts to be done within 1 ms")
                .hasMessageContaining("found mutation of slow: ")
                .hasMessageContaining("UPDATE n = 1 + sleepEachRow(0.1) WHERE 1")
                .hasMessageNotContaining("merge of");

        lease.handle().settle(ENOUGH);
        assertThat(run("SELECT min(n) FROM slow")).isEqualTo("1");
    }

    @Test
    void aMergeThatIsUnderWayIsNamedAndWaitedFor() throws Exception {
        // An index is made anew by every merge, and this one takes its time.
        run("CREATE TABLE slow (id UInt64, INDEX i arraySum(x -> sipHash64(SHA512(toString(x))), range(20000 + id % 2))"
                + " TYPE minmax) ENGINE = MergeTree ORDER BY id");
        run("INSERT INTO slow SELECT number FROM numbers(40)");
        run("INSERT INTO slow SELECT number FROM numbers(40)");
        CompletableFuture<String> merge = OwnThread.supply(() -> unchecked("OPTIMIZE TABLE slow FINAL"));
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> run("SELECT count() FROM system.merges WHERE table = 'slow'")
                        .equals("1"));

        assertThatThrownBy(() -> lease.handle().settle(Duration.ofMillis(1)))
                .hasMessageContaining("found merge of slow");

        lease.handle().settle(ENOUGH);
        assertThat(run("SELECT count() FROM system.parts WHERE active AND table = 'slow'"))
                .isEqualTo("1");
        assertThat(merge.get(ENOUGH.toSeconds(), TimeUnit.SECONDS)).isEmpty();
    }

    private String run(String sql) throws Exception {
        var answer = ClickHouseHttp.post(lease.handle(), "", sql);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().strip();
    }

    private String unchecked(String sql) {
        try {
            return run(sql);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
