package dev.isolated.embedded.front;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of {@code libchdb} that are used, as its header {@code chdb.h} describes them. Thread-safe. */
final class Chdb {

    /** What {@code chdb_state} is where a call went well. */
    static final int SUCCESS = 0;

    private Chdb() {}

    /** Loads the library; before anything else is called. */
    static void load(String file) {
        // Its handlers for signals would take those from the JVM on which that depends.
        Native.register(
                Chdb.class,
                NativeLibrary.getInstance(file, Map.of(Library.OPTION_STRING_ENCODING, StandardCharsets.UTF_8.name())));
        chdb_set_signal_handlers_enabled(0);
    }

    static native void chdb_set_signal_handlers_enabled(int enabled);

    static native @Nullable Pointer chdb_connect(int count, Pointer arguments);

    static native void chdb_close_conn(Pointer connection);

    static native Pointer chdb_query_n(Pointer connection, byte[] sql, long length, byte[] format, long formatLength);

    static native Pointer chdb_stream_query_n(
            Pointer connection, byte[] sql, long length, byte[] format, long formatLength);

    static native Pointer chdb_stream_fetch_result(Pointer connection, Pointer stream);

    static native void chdb_stream_cancel_query(Pointer connection, Pointer stream);

    static native void chdb_destroy_query_result(Pointer result);

    static native Pointer chdb_stream_insert_n(
            Pointer connection, byte[] sql, long length, byte[] format, long formatLength);

    static native int chdb_stream_append(Pointer stream, byte[] data, long length);

    static native Pointer chdb_stream_done(Pointer stream);

    static native void chdb_stream_cancel_insert(Pointer stream);

    static native @Nullable Pointer chdb_stream_insert_error(Pointer stream);

    static native void chdb_destroy_insert_stream(Pointer stream);

    static native @Nullable Pointer chdb_result_buffer(Pointer result);

    static native long chdb_result_length(Pointer result);

    static native @Nullable Pointer chdb_result_error(Pointer result);

    static native long chdb_result_rows_read(Pointer result);

    static native long chdb_result_bytes_read(Pointer result);

    static native long chdb_result_rows_written(Pointer result);

    static native long chdb_result_bytes_written(Pointer result);

    static native int chdb_classify_query_n(
            Pointer connection,
            byte[] sql,
            long length,
            @Nullable Pointer database,
            long databaseLength,
            Pointer analysis);
}
