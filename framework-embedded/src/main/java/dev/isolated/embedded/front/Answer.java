package dev.isolated.embedded.front;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.isolated.embedded.front.Result.Effort;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What a client is answered: held back until it is known whether that is an error. Used by one thread. */
final class Answer {

    private static final int OK = 200;
    private static final String TEXT = "text/plain; charset=UTF-8";

    private final Request request;
    private final Headers headers;
    private final Map<String, String> contentTypes;
    private @Nullable OutputStream body;

    Answer(Request request, String timezone, Map<String, String> contentTypes) {
        this.request = request;
        this.contentTypes = contentTypes;
        headers = request.exchange().getResponseHeaders();
        headers.set("X-ClickHouse-Query-Id", request.id());
        headers.set("X-ClickHouse-Timezone", timezone);
        headers.set("X-ClickHouse-Server-Display-Name", "isolated");
    }

    /** Begins an answer that is no error; what is written then is its body. */
    OutputStream begin(String format, Effort effort) throws IOException {
        headers.set("X-ClickHouse-Format", format);
        headers.set("Content-Type", contentTypes.getOrDefault(format.toLowerCase(Locale.ROOT), TEXT));
        headers.set("X-ClickHouse-Summary", summary(effort));
        boolean gzip = request.is("enable_http_compression") && accepted("gzip");
        if (gzip) {
            headers.set("Content-Encoding", "gzip");
        }
        HttpExchange exchange = request.exchange();
        exchange.sendResponseHeaders(OK, 0);
        OutputStream plain = exchange.getResponseBody();
        OutputStream begun = gzip ? new GZIPOutputStream(plain, true) : plain;
        body = request.is("compress") ? new FrameOutput(begun) : begun;
        return body;
    }

    /** All of an answer that is no error. */
    void whole(String format, Result result) throws IOException {
        result.writeTo(begin(format, result.effort()), 0);
        end();
    }

    /** All of one that the engine was not needed for. */
    void whole(String format, String text) throws IOException {
        begin(format, Effort.NONE).write(text.getBytes(StandardCharsets.UTF_8));
        end();
    }

    void end() throws IOException {
        if (body != null) {
            body.close();
        }
        request.exchange().close();
    }

    /** All of an answer to a question that is about no data. */
    static void plain(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TEXT);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    /** Tells of an error. Where the answer has begun that is all that can be done: it never comes to its end. */
    void fail(EngineException failure) throws IOException {
        String message = failure.getMessage() + "\n";
        if (body != null) {
            body.write(message.getBytes(StandardCharsets.UTF_8));
            body.flush();
            throw new IOException("broken off", failure);
        }
        headers.set("X-ClickHouse-Exception-Code", Integer.toString(failure.code()));
        plain(request.exchange(), failure.status(), message);
    }

    private boolean accepted(String encoding) {
        return Optional.ofNullable(request.exchange().getRequestHeaders().getFirst("Accept-Encoding"))
                .filter(it -> it.contains(encoding))
                .isPresent();
    }

    private static String summary(Effort effort) {
        return "{\"read_rows\":\"" + effort.rows() + "\",\"read_bytes\":\"" + effort.bytes()
                + "\",\"written_rows\":\"" + effort.rowsWritten() + "\",\"written_bytes\":\"" + effort.bytesWritten()
                + "\",\"total_rows_to_read\":\"0\",\"result_rows\":\"" + effort.rowsWritten()
                + "\",\"result_bytes\":\"" + effort.bytesWritten() + "\",\"elapsed_ns\":\"0\"}";
    }
}
