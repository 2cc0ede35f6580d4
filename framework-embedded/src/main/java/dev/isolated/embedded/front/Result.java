package dev.isolated.embedded.front;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/**
 * What the engine has answered, or a piece of it. Immutable; nobody changes the bytes.
 *
 * @param data in the format that was asked for
 */
@SuppressWarnings("ArrayRecordComponent")
record Result(byte[] data, Effort effort) {

    private static final byte[] NOTHING = {};

    /**
     * What a statement has read and written.
     *
     * @param rows how many it has read
     * @param bytes how many it has read
     * @param rowsWritten how many it has written
     * @param bytesWritten how many it has written
     */
    record Effort(long rows, long bytes, long rowsWritten, long bytesWritten) {

        static final Effort NONE = new Effort(0, 0, 0, 0);

        Effort plus(Effort other) {
            return new Effort(
                    rows + other.rows,
                    bytes + other.bytes,
                    rowsWritten + other.rowsWritten,
                    bytesWritten + other.bytesWritten);
        }
    }

    /** Copies what the engine has made, and has it free that. */
    static Result taken(Pointer made) throws EngineException {
        try {
            requireWhole(made);
            long length = Chdb.chdb_result_length(made);
            Pointer buffer = Chdb.chdb_result_buffer(made);
            byte[] data = buffer == null ? NOTHING : buffer.getByteArray(0, Math.toIntExact(length));
            var effort = new Effort(
                    Chdb.chdb_result_rows_read(made),
                    Chdb.chdb_result_bytes_read(made),
                    Chdb.chdb_result_rows_written(made),
                    Chdb.chdb_result_bytes_written(made));
            return new Result(data, effort);
        } finally {
            Chdb.chdb_destroy_query_result(made);
        }
    }

    static void requireWhole(Pointer made) throws EngineException {
        Pointer error = Chdb.chdb_result_error(made);
        if (error != null) {
            throw EngineException.said(error.getString(0, "UTF-8"));
        }
    }

    /** The data of a result that is text. */
    String text() {
        return new String(data, StandardCharsets.UTF_8).strip();
    }
}
