package dev.isolated.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.error.IsolationException;
import dev.isolated.spi.Blueprint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses at which nobody answers, each in its own way. */
class ReachTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final ExternalKeys KEYS =
            ExternalKeys.of("postgres", new Blueprint(5432, 5434, "postgres", "", "", List.of(), List.of(), ""));

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        assertThatThrownBy(() -> new Reach("postgres", "nowhere.invalid", 5432, KEYS).require())
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("Could not reach the postgres server at nowhere.invalid port 5432")
                .hasMessageContaining("because isolated.postgres.host is set")
                .hasMessageContaining("found that no address is known for the host nowhere.invalid")
                .hasMessageContaining("What to do: correct isolated.postgres.host");
    }

    @Test
    void aPortOnWhichNobodyListensIsRefused() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(() -> new Reach("postgres", "127.0.0.1", port, KEYS).require())
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("found Connection refused")
                .hasMessageContaining("What to do: start the server")
                .hasMessageContaining("isolated.postgres.port");
    }

    @Test
    void aHostThatKeepsSilentIsGivenUp() throws IOException {
        var open = new ArrayList<Socket>();
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            await().until(() -> isSilent(full.getLocalPort(), open));
            long start = System.nanoTime();
            assertThatThrownBy(() -> new Reach("postgres", "127.0.0.1", full.getLocalPort(), KEYS).require(SHORT))
                    .isExactlyInstanceOf(IsolationException.class)
                    .hasMessageContaining("found no answer within 300 ms")
                    .hasMessageContaining("What to do: see whether the host is up and no firewall is between");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    /** A server that accepts nobody is silent when its queue is full. */
    private static boolean isSilent(int port, List<Socket> open) throws IOException {
        var socket = new Socket();
        open.add(socket);
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) SHORT.toMillis());
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }
}
