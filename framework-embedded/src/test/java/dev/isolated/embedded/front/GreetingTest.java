package dev.isolated.embedded.front;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A front's server drops what its handlers throw, so that only an answer tells that they work. */
class GreetingTest {

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aFrontAnswersItself() {
        server.createContext(Greeting.PATH, new Greeting());
        assertThatCode(() -> Greeting.exchange(server.getAddress())).doesNotThrowAnyException();
    }

    @Test
    void aFrontWhoseAnswerBreaksOffIsFoundOut() {
        server.createContext(Greeting.PATH, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            throw new IOException("broken off");
        });
        assertThatThrownBy(() -> Greeting.exchange(server.getAddress())).isInstanceOf(IOException.class);
    }

    @Test
    void aFrontThatDoesNotAnswerItselfIsFoundOut() {
        assertThatThrownBy(() -> Greeting.exchange(server.getAddress()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answers itself with HTTP/1.1 404");
    }
}
