package dev.isolated.embedded.front;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection to the engine, with a current database, a role and settings of its own. Used by one thread at a time. */
final class EngineConnection implements AutoCloseable {

    /** Where the engine keeps its data; every connection must say it. */
    private static final String STORE = "--path=store";

    private static final int PIECE = 1 << 20;
    private static final int ANALYSIS_BYTES = 16;
    private static final int COUNT_OFFSET = 4;
    private static final int KIND_OFFSET = 12;

    private final Pointer outer;
    private final Pointer connection;

    private EngineConnection(Pointer outer) {
        this.outer = outer;
        connection = outer.getPointer(0);
    }

    /** Opens one; the first starts the engine, to which alone options that are no settings matter. */
    static EngineConnection open(List<String> options) throws EngineException {
        var line = new ArrayList<>(List.of("clickhouse", STORE));
        line.addAll(options);
        Pointer opened = Chdb.chdb_connect(line.size(), new StringArray(line.toArray(new String[0]), "UTF-8"));
        if (opened == null) {
            throw EngineException.said("the engine refuses a connection with " + options);
        }
        return new EngineConnection(opened);
    }

    /** Runs one statement and has its whole result, which must be small, as text. */
    String ask(String sql) throws EngineException {
        try (Result result = query(bytes(sql), "TSV")) {
            return result.text();
        }
    }

    /** Runs one statement and has its whole result. */
    Result query(String sql, String format) throws EngineException {
        return query(bytes(sql), format);
    }

    Result query(byte[] sql, String format) throws EngineException {
        byte[] wanted = bytes(format);
        return Result.taken(Chdb.chdb_query_n(connection, sql, sql.length, wanted, wanted.length));
    }

    /** Runs a statement for its effect. */
    void run(String sql) throws EngineException {
        query(bytes(sql), "TSV").close();
    }

    /** Begins a statement whose result is fetched in pieces. */
    ResultStream stream(byte[] sql, String format) throws EngineException {
        byte[] wanted = bytes(format);
        return ResultStream.begun(
                connection, Chdb.chdb_stream_query_n(connection, sql, sql.length, wanted, wanted.length));
    }

    /** Inserts what is read. */
    Result insert(byte[] sql, String format, InputStream data) throws EngineException, IOException {
        byte[] wanted = bytes(format);
        Pointer stream = Chdb.chdb_stream_insert_n(connection, sql, sql.length, wanted, wanted.length);
        try {
            requireInsertable(stream);
            var piece = new byte[PIECE];
            for (int read = data.readNBytes(piece, 0, PIECE); read > 0; read = data.readNBytes(piece, 0, PIECE)) {
                if (Chdb.chdb_stream_append(stream, piece, read) != Chdb.SUCCESS) {
                    requireInsertable(stream);
                    // What went wrong is told at the end.
                    break;
                }
            }
            return Result.taken(Chdb.chdb_stream_done(stream));
        } catch (IOException | RuntimeException e) {
            Chdb.chdb_stream_cancel_insert(stream);
            throw e;
        } finally {
            Chdb.chdb_destroy_insert_stream(stream);
        }
    }

    /**
     * What the engine's parser makes of a text. Immutable.
     *
     * @param statements how many it holds; 0 where one of them is none
     */
    record Parsed(int statements, int kind) {

        private static final int MUTATING = 1;
        private static final int GRANTING = 2;
        private static final int CONTROL = 3;
        private static final int NONE = 4;

        /** Whether it changes what is stored. */
        boolean changes() {
            return kind == MUTATING || kind == GRANTING;
        }

        /** Whether it acts on the session, on queries, on files, or on more than one of anything. */
        boolean controls() {
            return kind == CONTROL;
        }
    }

    Parsed parsed(byte[] sql) {
        try (var analysis = new Memory(ANALYSIS_BYTES)) {
            analysis.clear();
            analysis.setInt(0, ANALYSIS_BYTES);
            return Chdb.chdb_classify_query_n(connection, sql, sql.length, null, 0, analysis) == Chdb.SUCCESS
                    ? new Parsed(analysis.getInt(COUNT_OFFSET), analysis.getInt(KIND_OFFSET))
                    : new Parsed(0, Parsed.NONE);
        }
    }

    /** A statement as the engine writes it. Fails where it is none. */
    Canonical canonical(byte[] sql) throws EngineException {
        String text = new String(sql, Statement.BYTES).replace("\\", "\\\\").replace("'", "\\'");
        try (Result result =
                query(("SELECT formatQuerySingleLine('" + text + "')").getBytes(Statement.BYTES), "TSVRaw")) {
            return Canonical.of(result.text());
        }
    }

    /** Takes what a failure has left half done out of the way of the next result. */
    void clear(Exception failure) {
        try {
            run("SELECT 1");
        } catch (EngineException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        Chdb.chdb_close_conn(outer);
    }

    private static void requireInsertable(Pointer stream) throws EngineException {
        Pointer error = Chdb.chdb_stream_insert_error(stream);
        if (error != null) {
            throw EngineException.said(error.getString(0, "UTF-8"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
