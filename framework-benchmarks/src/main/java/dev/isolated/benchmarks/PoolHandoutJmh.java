package dev.isolated.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.isolated.lease.Lease;
import dev.isolated.lease.Pool;
import java.sql.Connection;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The three pools of {@link PoolHandout}, of {@value #SIZE} each, so that eight threads never wait for want of a slice.
 * HikariCP hands out real connections to a real server: leasing one and giving it back sends nothing, so no stub is needed
 * that would cost less than what it stands for. The fair queue is the least that hands out in order.
 */
@BenchmarkMode(Mode.AverageTime)
public class PoolHandoutJmh {

    static final int SIZE = 16;

    /** The subject: slices that are nothing but their number. */
    @State(Scope.Benchmark)
    public static class Subject {

        private final Pool<Integer> pool = InMemory.pool(SIZE);

        @TearDown
        public void stop() {
            pool.close();
        }
    }

    /** The peer. */
    @State(Scope.Benchmark)
    public static class Hikari {

        private final Arena arena = new Arena(1);
        private final HikariDataSource pool = new HikariDataSource(arena.hikari(SIZE));

        @TearDown
        public void stop() throws Exception {
            pool.close();
            arena.close();
        }
    }

    /** The floor. */
    @State(Scope.Benchmark)
    public static class Queue {

        private final BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(SIZE, true);

        public Queue() {
            for (int number = 0; number < SIZE; number++) {
                queue.add(number);
            }
        }
    }

    @Benchmark
    public int pool(Subject subject) {
        try (Lease<Integer> lease = subject.pool.lease("benchmark")) {
            return lease.handle();
        }
    }

    @Benchmark
    public int hikari(Hikari hikari) throws Exception {
        try (Connection connection = hikari.pool.getConnection()) {
            return connection.hashCode();
        }
    }

    @Benchmark
    public int queue(Queue queue) throws Exception {
        Integer slice = queue.queue.take();
        queue.queue.put(slice);
        return slice;
    }
}
