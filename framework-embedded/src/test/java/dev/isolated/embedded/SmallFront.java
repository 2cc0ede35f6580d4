package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.embedded.front.Front;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The embedded ClickHouse with little memory for its front, and for nobody else. Immutable. */
record SmallFront(Process process, Server server, Path log) implements AutoCloseable {

    /** One in a directory, with so much heap. */
    static SmallFront start(Path directory, String heap) throws Exception {
        Secret password = Secret.random();
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(password.reveal().getBytes(StandardCharsets.UTF_8));
        Files.writeString(directory.resolve("password"), HexFormat.of().formatHex(hash));
        int port = freePort();
        List<String> line = command();
        line.addAll(line.indexOf("-cp"), List.of("-Xmx" + heap, "-Xmn8m"));
        line.add(Integer.toString(port));
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await().until(() -> Files.readString(log).contains(Front.READY) || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        Server server = ClickHouseServers.external(
                Endpoint.plain("127.0.0.1", port, ClickHouseData.ADMINISTRATOR, password),
                ClickHouseData.ADMINISTRATOR,
                password.reveal());
        return new SmallFront(process, server, log);
    }

    /** As every front is started, but for its port. */
    static List<String> command() throws IOException {
        Settings settings = Settings.builder().declare(EmbeddedKeys.all()).build();
        Path cache = new Places(settings, Account.current()).cache();
        return new ArrayList<>(ClickHouseLibrary.front(
                FrontClasses.gathered(cache), ChdbLibrary.of(settings).file()));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        server.close();
        process.destroyForcibly().onExit().join();
    }
}
