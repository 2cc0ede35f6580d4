package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** A Redis of the user's own: the installed one, that a test starts and ends itself. Stateless. */
final class UsersRedis {

    private static final int ATTEMPTS = 5;

    private UsersRedis() {}

    /** One that accepts connections; its configuration is asked for again where somebody else was faster to have its port. */
    static Process start(Path directory, Supplier<List<String>> configuration) throws IOException {
        String program = Programs.onPath("redis-server").orElseThrow();
        for (int attempt = 1; ; attempt++) {
            Path log = Files.createTempFile(directory, "redis", ".log");
            Process redis = new ProcessBuilder(program, "-")
                    .redirectOutput(log.toFile())
                    .start();
            try (OutputStream lines = redis.getOutputStream()) {
                lines.write(String.join("\n", configuration.get()).getBytes(StandardCharsets.UTF_8));
            }
            await().until(() -> !redis.isAlive() || Files.readString(log).contains("Ready to accept connections"));
            if (redis.isAlive()) {
                return redis;
            }
            assertThat(log).content().contains("Address already in use");
            assertThat(attempt).as("attempts to have a port").isLessThan(ATTEMPTS);
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError("no port is free", e);
        }
    }
}
