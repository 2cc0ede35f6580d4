package dev.isolated.embedded.front;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What a front says to itself while its engine starts, because the first answer of a JVM takes long. Stateless. */
final class Greeting implements HttpHandler {

    static final String PATH = "/greeting";

    private static final byte[] WORDS = "Good morning.\n".getBytes(StandardCharsets.US_ASCII);
    private static final int OK = 200;

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(OK, WORDS.length);
            exchange.getResponseBody().write(WORDS);
        }
    }

    /** Has a front greet itself. */
    static void rehearse(InetSocketAddress front) {
        try (var socket = new Socket(front.getAddress(), front.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + PATH + " HTTP/1.1\r\nHost: front\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.out.println("the front does not greet itself: " + e);
        }
    }
}
