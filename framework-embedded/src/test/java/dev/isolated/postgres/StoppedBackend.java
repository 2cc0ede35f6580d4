package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.awaitility.Awaitility;

/** The server's process beneath a connection, standing still, so that it reads nothing of what it is sent; Linux only. */
final class StoppedBackend implements AutoCloseable {

    private static final String PENDING = "ShdPnd:\t";
    private static final long SIGINT = 1L << 1;

    private final String pid;

    private StoppedBackend(String pid) {
        this.pid = pid;
        signal("STOP");
    }

    /** Stops it after a transaction has begun. */
    static StoppedBackend inTransaction(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        return new StoppedBackend(Sql.one(connection, "select pg_backend_pid()"));
    }

    /** Has it go on when somebody has cancelled what it is at. */
    void goOnOnceCancelled() {
        Awaitility.await().until(this::isCancelled);
        signal("CONT");
    }

    private boolean isCancelled() throws IOException {
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                .filter(line -> line.startsWith(PENDING))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(PENDING.length()), 16))
                .anyMatch(pending -> (pending & SIGINT) != 0);
    }

    private void signal(String name) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, pid)
                            .inheritIO()
                            .start()
                            .onExit()
                            .join()
                            .exitValue())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        signal("CONT");
    }
}
