package dev.isolated.embedded;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Request;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import dev.isolated.spi.Tenure;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Leases a database, writes into it, says which it is, and keeps it until its input ends. */
final class RedisMain {

    private RedisMain() {}

    /** A JVM that does so under the name of that run. */
    static Process start(Server server, String run) throws IOException {
        return ChildJvm.knowing(server, RedisMain.class, port(server), run).start();
    }

    /** A JVM that has a test which is going to stand still. */
    static Process startLate(Server server) throws IOException {
        return ChildJvm.knowing(server, RedisMain.class, port(server)).start();
    }

    /** A JVM that leases a server of its own there, and says the port of it. */
    static Process startOwn(Path directory) throws IOException {
        var options = List.of(
                "-Disolated.redis.source=embedded",
                "-Disolated.embedded.warm=off",
                "-Disolated.embedded.directory=" + directory);
        return ChildJvm.of(options, RedisMain.class).start();
    }

    private static String port(Server server) {
        return Integer.toString(server.endpoint().port());
    }

    public static void main(String[] arguments) throws IOException {
        switch (arguments.length) {
            case 0 -> ownServer();
            case 1 -> late(arguments[0]);
            default -> database(arguments);
        }
    }

    private static void ownServer() throws IOException {
        Catalog catalog = Catalog.found();
        PrintStream parent = System.out;
        try (var environments = new Environments(catalog, catalog.settings(Map.of(), Map.of()));
                var environment =
                        environments.open("KilledTest.dies", List.of(Request.of(Redis.class, RedisService.SERVER)))) {
            parent.println(environment.get(Redis.class).port());
            awaitEnd();
        }
    }

    /** Says its database; when its input ends, what a command and the end of its test come to. */
    private static void late(String port) throws IOException {
        Catalog catalog = Catalog.found();
        var settings = catalog.settings(
                Map.of(
                        "isolated.redis.host",
                        "127.0.0.1",
                        "isolated.redis.port",
                        port,
                        "isolated.redis.password",
                        System.getenv("PASSWORD"),
                        "isolated.environments.max",
                        "1"),
                Map.of());
        PrintStream parent = System.out;
        try (var environments = new Environments(catalog, settings)) {
            IsolatedEnvironment environment =
                    environments.open("PausedTest.standsStill", List.of(Request.of(Redis.class)));
            Redis redis = environment.get(Redis.class);
            redis.sync().set("key", "of the late");
            parent.println(redis.database());
            awaitEnd();
            parent.println(outcome(() -> {
                while (true) {
                    redis.sync().set("key", "of the late");
                }
            }));
            parent.println(outcome(environment::close));
        }
    }

    private static String outcome(Runnable attempt) {
        try {
            attempt.run();
            return "success";
        } catch (IsolationException e) {
            return String.valueOf(e.getMessage()).replace('\n', ' ');
        } catch (RedisException e) {
            // One that was under way when the connection ended; the next one is told why.
            return outcome(attempt);
        }
    }

    private static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Until the parent kills it.
        }
    }

    private static void database(String[] arguments) throws IOException {
        var password = Secret.of(System.getenv("PASSWORD"));
        var endpoint = Endpoint.plain("127.0.0.1", Integer.parseInt(arguments[0]), "default", password);
        var server = new Server("redis", "test", "", endpoint, Tenure.FOREIGN, Hold.NONE);
        var plan = new Plan(RedisService.DATABASE, List.of(), Settings.builder().build(), arguments[1]);
        PrintStream parent = System.out;
        try (Slices<Redis> slices = new RedisService().connect(server, plan)) {
            Redis redis = slices.create(1).handOut(new Tenant("KilledTest.dies"));
            redis.sync().set("key", "of the dying");
            parent.println(redis.database());
            awaitEnd();
        }
    }
}
