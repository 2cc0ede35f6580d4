package dev.isolated.embedded.front;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What comes with a request; of the data of an insert no more than the beginning is held. Used by one thread. */
final class Body {

    /** How long a statement may be before its data, as ClickHouse has it. */
    private static final int LONGEST_HEAD = 1 << 18;

    private final HttpExchange exchange;
    private final boolean compressed;
    private @Nullable InputStream plain;

    /** One that is perhaps compressed in ClickHouse's own way. */
    Body(HttpExchange exchange, boolean compressed) {
        this.exchange = exchange;
        this.compressed = compressed;
    }

    /** What was not read yet. */
    InputStream plain() throws IOException, EngineException {
        InputStream begun = plain;
        if (begun == null) {
            InputStream decoded = decoded();
            begun = compressed ? new FrameInput(decoded) : decoded;
            plain = begun;
        }
        return begun;
    }

    private InputStream decoded() throws IOException, EngineException {
        String encoding = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                .orElse("");
        return switch (encoding) {
            case "", "identity" -> exchange.getRequestBody();
            case "gzip" -> new GZIPInputStream(exchange.getRequestBody());
            default ->
                throw EngineException.refused(
                        EngineException.NOT_IMPLEMENTED,
                        "NOT_IMPLEMENTED",
                        "the embedded engine takes bodies in gzip and in ClickHouse's own compression, not in "
                                + encoding);
        };
    }

    /** The statement that it begins with, or is. */
    Statement statement() throws IOException, EngineException {
        byte[] head = plain().readNBytes(LONGEST_HEAD);
        Statement statement = Statement.of(head);
        if (head.length < LONGEST_HEAD || statement.kind() == Statement.Kind.INSERT) {
            return statement;
        }
        byte[] rest = plain().readAllBytes();
        byte[] all = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, all, head.length, rest.length);
        return Statement.of(all);
    }
}
