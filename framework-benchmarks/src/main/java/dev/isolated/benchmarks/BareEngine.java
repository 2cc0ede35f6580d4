package dev.isolated.benchmarks;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The program of {@link EngineProcess}, {@code BareEngine <libchdb.so> <SQL> <times>}: for each line that it reads it asks
 * the engine, in its own process and by the engine's own functions, so many times, and prints microseconds for each.
 */
final class BareEngine {

    /** The engine's functions that are needed, by the names that it gives them. */
    interface Functions extends Library {
        void chdb_set_signal_handlers_enabled(int enabled);

        Pointer chdb_connect(int count, Pointer arguments);

        Pointer chdb_query(Pointer connection, String sql, String format);

        String chdb_result_error(Pointer result);

        void chdb_destroy_query_result(Pointer result);
    }

    private BareEngine() {}

    public static void main(String[] arguments) throws Exception {
        Functions engine = loaded(arguments[0]);
        Pointer connection = engine.chdb_connect(1, new StringArray(new String[] {"clickhouse"}))
                .getPointer(0);
        Side<Double> round = Side.micros(Integer.parseInt(arguments[2]), () -> ask(engine, connection, arguments[1]));
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {
            System.out.println(round.measure());
        }
    }

    /** Its handlers for signals would take those from the JVM on which that depends. */
    private static Functions loaded(String library) {
        Functions engine = Native.load(library, Functions.class);
        engine.chdb_set_signal_handlers_enabled(0);
        return engine;
    }

    private static void ask(Functions engine, Pointer connection, String sql) {
        Pointer result = engine.chdb_query(connection, sql, "RowBinary");
        String error = engine.chdb_result_error(result);
        if (error != null) {
            throw new BenchmarkFailure(sql + " fails: " + error);
        }
        engine.chdb_destroy_query_result(result);
    }
}
