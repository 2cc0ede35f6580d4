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

    private final Request request;
    private final Headers headers;
    private final Map<String, String> contentTypes;
    private @Nullable OutputStream body;
    private boolean readable;

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
        String type = contentTypes.getOrDefault(format.toLowerCase(Locale.ROOT), "text/plain; charset=UTF-8");
        readable = type.startsWith("text/");
        headers.set("Content-Type", type);
        headers.set("X-ClickHouse-Summary", summary(effort));
        boolean gzip = request.is("enable_http_compression") && accepted("gzip");
        if (gzip) {
            headers.set("Content-Encoding", "gzip");
        }
        HttpExchange exchange = request.exchange();
        exchange.sendResponseHeaders(OK, 0);
        OutputStream plain = exchange.getResponseBody();
        OutputStream begun = gzip ? new GZIPOutputStream(plain) : plain;
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

    /**
     * Tells of an error. Where the answer has begun it never comes to its end, if nobody closes it; words would be taken for
     * rows where rows are binary.
     */
    void fail(EngineException failure) throws IOException {
        byte[] message = (failure.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
        HttpExchange exchange = request.exchange();
        if (body != null) {
            if (readable) {
                body.write(message);
            }
            body.flush();
            throw new IOException("broken off", failure);
        }
        headers.set("X-ClickHouse-Exception-Code", Integer.toString(failure.code()));
        headers.set("Content-Type", "text/plain; charset=UTF-8");
        exchange.sendResponseHeaders(failure.status(), message.length);
        exchange.getResponseBody().write(message);
        exchange.close();
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
