package dev.isolated.external;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;

/** Whether anybody answers at an address, found out within a bounded time. Immutable. */
record Reach(String service, String host, int port, ExternalKeys keys) {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Fails, saying what is wrong with the address, where nobody answers. */
    void require() {
        require(LIMIT);
    }

    void require(Duration limit) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) limit.toMillis());
        } catch (UnknownHostException e) {
            throw failed("that no address is known for the host " + host, "correct " + keys.host(), e);
        } catch (SocketTimeoutException e) {
            throw failed(
                    "no answer within " + limit.toMillis() + " ms",
                    "see whether the host is up and no firewall is between, and check " + keys.host() + " and "
                            + keys.port(),
                    e);
        } catch (IOException e) {
            throw failed(
                    String.valueOf(e.getMessage()),
                    "start the server, have it listen on that address, or correct " + keys.host() + " and "
                            + keys.port(),
                    e);
        }
    }

    private IsolationException failed(String found, String next, IOException cause) {
        return new IsolationException(
                Explanation.couldNot("reach the " + service + " server at " + host + " port " + port)
                        .expected("it to accept connections, because " + keys.host() + " is set")
                        .found(found)
                        .next(next + "; without " + keys.host() + " another source is asked"),
                cause);
    }
}
