package dev.isolated.embedded.front;

import com.sun.jna.Pointer;

/** A result that is made while it is fetched. Used by one thread. */
final class ResultStream implements AutoCloseable {

    private final Pointer connection;
    private final Pointer stream;
    private boolean ended;

    private ResultStream(Pointer connection, Pointer stream) {
        this.connection = connection;
        this.stream = stream;
    }

    static ResultStream begun(Pointer connection, Pointer stream) throws EngineException {
        try {
            Result.requireWhole(stream);
        } catch (EngineException e) {
            Chdb.chdb_destroy_query_result(stream);
            throw e;
        }
        return new ResultStream(connection, stream);
    }

    /** The next piece; one without data is the end. */
    Result next() throws EngineException {
        try {
            Result piece = Result.taken(Chdb.chdb_stream_fetch_result(connection, stream));
            ended = piece.isEmpty();
            return piece;
        } catch (EngineException e) {
            ended = true;
            throw e;
        }
    }

    /** Whether there may be another piece. */
    boolean goOn() {
        return !ended;
    }

    /** Ends the statement where it has not come to its end. */
    @Override
    public void close() {
        if (!ended) {
            Chdb.chdb_stream_cancel_query(connection, stream);
        }
        Chdb.chdb_destroy_query_result(stream);
    }
}
