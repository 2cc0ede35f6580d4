package dev.isolated.embedded.front;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Answers those who only want to know whether there is a server, which takes no engine. Stateless. */
final class Greeting implements HttpHandler {

    static final String PATH = "/ping";

    private static final byte[] PONG = "Ok.\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING_THERE =
            "There is no handle for that path; queries go to /\n".getBytes(StandardCharsets.US_ASCII);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals(PATH)) {
            greet(exchange);
        } else {
            refuse(exchange);
        }
    }

    static void greet(HttpExchange exchange) throws IOException {
        say(exchange, OK, PONG);
    }

    static void refuse(HttpExchange exchange) throws IOException {
        say(exchange, NOT_FOUND, NOTHING_THERE);
    }

    private static void say(HttpExchange exchange, int status, byte[] words) throws IOException {
        try (exchange) {
            boolean bodiless = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, bodiless ? -1 : words.length);
            if (!bodiless) {
                exchange.getResponseBody().write(words);
            }
        }
    }

    /** Has a front greet itself, because the first answer of a JVM takes long. */
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
