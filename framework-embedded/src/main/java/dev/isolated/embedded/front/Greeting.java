package dev.isolated.embedded.front;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a front says to itself while its engine starts, because the first answer of a JVM takes long: all that answering takes
 * but for the engine. Stateless.
 */
final class Greeting implements HttpHandler {

    static final String PATH = "/greeting";

    private static final String WORDS = "SELECT 'Good morning'";
    private static final int ROOM = 1 << 20;
    private static final int PATIENCE_MILLIS = 10_000;

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (Allowance.Share share = new Allowance(ROOM, Allowance.PATIENCE).share()) {
            Request request = Request.of(exchange, share);
            var answer = new Answer(request, "UTC", Map.of());
            String hash = Accounts.hash(request.credentials().getValue());
            answer.whole(request.defaultFormat(), hash + request.statement().head());
        } catch (EngineException e) {
            throw new IOException("the front does not understand itself", e);
        }
    }

    /** Has a front greet itself, as this library and the driver would; fails where it does not answer. */
    static void exchange(InetSocketAddress front) throws IOException {
        String request = "POST " + PATH + "?compress=1 HTTP/1.1\r\nHost: front\r\nAuthorization: Basic ZnJvbnQ6\r\n"
                + "Connection: close\r\nContent-Length: " + WORDS.length() + "\r\n\r\n" + WORDS;
        try (var socket = new Socket(front.getAddress(), front.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            if (!answer.startsWith("HTTP/1.1 200") || !answer.endsWith("0\r\n\r\n")) {
                throw new IOException("the front answers itself with "
                        + answer.lines().findFirst().orElse("nothing")
                        + " in place of a whole HTTP/1.1 200");
            }
        }
    }
}
