package dev.isolated.embedded.front;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a statement has given, or a piece of it: in the engine's memory until it is closed. Used by one thread. */
final class Result implements AutoCloseable {

    private static final int PIECE = 1 << 16;

    /** How much has been read and written. Immutable. */
    record Effort(long rows, long bytes, long rowsWritten, long bytesWritten) {

        static final Effort NONE = new Effort(0, 0, 0, 0);
    }

    private final Pointer made;
    private final @Nullable Pointer data;
    private final long length;

    private Result(Pointer made) {
        this.made = made;
        data = Chdb.chdb_result_buffer(made);
        length = data == null ? 0 : Chdb.chdb_result_length(made);
    }

    /** Fails where it is an error that the engine has made. */
    static Result taken(Pointer made) throws EngineException {
        try {
            requireWhole(made);
            return new Result(made);
        } catch (EngineException e) {
            Chdb.chdb_destroy_query_result(made);
            throw e;
        }
    }

    static void requireWhole(Pointer made) throws EngineException {
        Pointer error = Chdb.chdb_result_error(made);
        if (error != null) {
            throw EngineException.said(error.getString(0, "UTF-8"));
        }
    }

    boolean isEmpty() {
        return length == 0;
    }

    Effort effort() {
        return new Effort(
                Chdb.chdb_result_rows_read(made),
                Chdb.chdb_result_bytes_read(made),
                Chdb.chdb_result_rows_written(made),
                Chdb.chdb_result_bytes_written(made));
    }

    /** As many of the first bytes, or all. */
    byte[] beginning(int most) {
        return data == null ? new byte[0] : data.getByteArray(0, (int) Math.min(most, length));
    }

    /** Copies it from there on, a little at a time: it may be bigger than the memory of the JVM. */
    void writeTo(OutputStream out, int from) throws IOException {
        if (data == null) {
            return;
        }
        var piece = new byte[(int) Math.min(PIECE, length)];
        for (long at = from; at < length; at += piece.length) {
            int part = (int) Math.min(piece.length, length - at);
            data.read(at, piece, 0, part);
            out.write(piece, 0, part);
        }
    }

    /** A small one that is text. */
    String text() {
        return new String(beginning(Integer.MAX_VALUE), StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        Chdb.chdb_destroy_query_result(made);
    }
}
