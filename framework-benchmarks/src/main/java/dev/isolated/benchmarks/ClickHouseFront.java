package dev.isolated.benchmarks;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.environment.IsolatedEnvironment;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;

/** What the HTTP in front of the embedded ClickHouse costs each statement, against the engine called in this process. */
final class ClickHouseFront implements Benchmark {

    private static final String SQL = "SELECT 1";

    /** The engine's functions that are needed, by the names that it gives them. */
    interface Engine extends Library {
        void chdb_set_signal_handlers_enabled(int enabled);

        Pointer chdb_connect(int count, Pointer arguments);

        Pointer chdb_query(Pointer connection, String sql, String format);

        void chdb_destroy_query_result(Pointer result);
    }

    @Override
    public String name() {
        return "clickhouse-front";
    }

    @Override
    public String description() {
        return "SELECT 1 by ClickHouse's JDBC driver through HTTP; against the same engine called in this process";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var arena = new ClickHouseArena(1);
                IsolatedEnvironment environment = arena.open()) {
            ClickHouse handle = environment.get(ClickHouse.class);
            Engine engine = loaded(arena.library(handle));
            Pointer direct = engine.chdb_connect(1, new StringArray(new String[] {"clickhouse"}))
                    .getPointer(0);
            try (Connection connection = handle.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                int times = effort.of(50, 10);
                report.result(new Duel(effort.of(60, 2), effort.of(200, 4))
                        .between(
                                Side.micros(times, () -> ask(engine, direct)), Side.micros(times, () -> ask(statement)))
                        .verdict(name(), Unit.MICROS, it -> it));
            }
        }
    }

    /** Its handlers for signals would take those from the JVM on which that depends. */
    private static Engine loaded(Path library) {
        Engine engine = Native.load(library.toString(), Engine.class);
        engine.chdb_set_signal_handlers_enabled(0);
        return engine;
    }

    private static void ask(Engine engine, Pointer connection) {
        engine.chdb_destroy_query_result(engine.chdb_query(connection, SQL, "RowBinary"));
    }

    private static void ask(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery(SQL)) {
            if (!row.next() || row.getInt(1) != 1) {
                throw new BenchmarkFailure(SQL + " did not give 1");
            }
        }
    }
}
