package dev.isolated.embedded;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Request;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A test run whose tests torture a Redis, many at once; says what should not have happened. Ends when its input does. */
final class RedisTortureMain {

    static final String WRONG = "wrong: ";
    static final String TESTS = "tests: ";

    private RedisTortureMain() {}

    static Process start(Server server, int atOnce, long seed) throws IOException {
        return ChildJvm.knowing(
                        server,
                        RedisTortureMain.class,
                        Integer.toString(server.endpoint().port()),
                        Integer.toString(atOnce),
                        Long.toString(seed))
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        int atOnce = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        Catalog catalog = Catalog.found();
        var settings = catalog.settings(
                Map.of(
                        "isolated.redis.host",
                        "127.0.0.1",
                        "isolated.redis.port",
                        arguments[0],
                        "isolated.redis.password",
                        System.getenv("PASSWORD"),
                        "isolated.environments.max",
                        arguments[1],
                        "isolated.lease.timeout",
                        "60s"),
                Map.of());
        PrintStream parent = System.out;
        var ended = new AtomicBoolean();
        var begun = new AtomicLong();
        var tests = new AtomicLong();
        ExecutorService testers = Executors.newFixedThreadPool(atOnce);
        ExecutorService leaks = Executors.newCachedThreadPool();
        try (var environments = new Environments(catalog, settings)) {
            for (int i = 0; i < atOnce; i++) {
                testers.execute(telling(parent, () -> {
                    do {
                        long number = begun.incrementAndGet();
                        var torture = new RedisTorture(
                                ProcessHandle.current().pid() + "-" + number,
                                seed + number,
                                leak -> leaks.execute(telling(parent, leak)));
                        try (IsolatedEnvironment environment =
                                environments.open("torture " + number, List.of(Request.of(Redis.class)))) {
                            torture.run(environment.get(Redis.class)).ifPresent(it -> parent.println(WRONG + it));
                        }
                        tests.incrementAndGet();
                    } while (!ended.get());
                }));
            }
            parent.println("begun");
            while (System.in.read() >= 0) {
                // Until the parent closes it, or kills this.
            }
            ended.set(true);
            testers.shutdown();
            if (!testers.awaitTermination(60, TimeUnit.SECONDS)) {
                parent.println(WRONG + "tests do not end");
            }
        }
        leaks.shutdown();
        if (!leaks.awaitTermination(60, TimeUnit.SECONDS)) {
            parent.println(WRONG + "a client of an ended test is still let in");
        }
        parent.println(TESTS + tests.get());
    }

    /** A task of which whatever ends it before its time is told. */
    private static Runnable telling(PrintStream parent, Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                var trace = new StringWriter();
                e.printStackTrace(new PrintWriter(trace));
                parent.println(WRONG + trace.toString().replaceAll("\\s+", " "));
            }
        };
    }
}
