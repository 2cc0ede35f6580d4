package dev.isolated.embedded.front;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What comes with a request; of the data of an insert no more than the beginning is held. Used by one thread. */
final class Body {

    /** How long a statement may be before its data, as ClickHouse has it. */
    private static final int LONGEST_HEAD = 1 << 18;

    private static final int PIECE = 1 << 20;

    private final HttpExchange exchange;
    private final boolean compressed;
    private final Allowance.Share share;
    private @Nullable InputStream plain;

    /** One that is perhaps compressed in ClickHouse's own way, and of which as much is held as is allowed. */
    Body(HttpExchange exchange, boolean compressed, Allowance.Share share) {
        this.exchange = exchange;
        this.compressed = compressed;
        this.share = share;
    }

    /** What was not read yet. */
    InputStream plain() throws IOException, EngineException {
        InputStream begun = plain;
        if (begun == null) {
            InputStream decoded = decoded();
            begun = compressed ? new FrameInput(decoded, share) : decoded;
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
        return statement.goingOn(read(head));
    }

    /** All that was not read yet. */
    byte[] rest() throws IOException, EngineException {
        return read(new byte[0]);
    }

    private byte[] read(byte[] begun) throws IOException, EngineException {
        var pieces = new ArrayDeque<byte[]>();
        pieces.add(begun);
        int length = begun.length;
        for (byte[] piece = plain().readNBytes(PIECE); piece.length > 0; piece = plain().readNBytes(PIECE)) {
            share.take(piece.length);
            pieces.add(piece);
            length += piece.length;
        }
        var all = new byte[length];
        for (int at = 0; !pieces.isEmpty(); ) {
            byte[] piece = pieces.remove();
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }
}
