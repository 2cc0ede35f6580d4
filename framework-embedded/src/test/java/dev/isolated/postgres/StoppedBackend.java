package dev.isolated.postgres;

import dev.isolated.embedded.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.awaitility.Awaitility;

/** The server's process beneath a connection, standing still, so that it reads nothing of what it is sent; Linux only. */
final class StoppedBackend implements AutoCloseable {

    private static final String PENDING = "ShdPnd:\t";
    private static final long SIGINT = 1L << 1;

    private final long pid;

    private StoppedBackend(long pid) {
        this.pid = pid;
        Signal.send("STOP", pid);
    }

    /** Stops it after a transaction has begun. */
    static StoppedBackend inTransaction(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        return new StoppedBackend(Long.parseLong(Sql.one(connection, "select pg_backend_pid()")));
    }

    /** Has it go on when somebody has cancelled what it is at. */
    void goOnOnceCancelled() {
        Awaitility.await().until(this::isCancelled);
        Signal.send("CONT", pid);
    }

    private boolean isCancelled() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith(PENDING))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(PENDING.length()), 16))
                .anyMatch(pending -> (pending & SIGINT) != 0);
    }

    @Override
    public void close() {
        Signal.send("CONT", pid);
    }
}
