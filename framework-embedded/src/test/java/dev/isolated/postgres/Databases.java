package dev.isolated.postgres;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.lease.PoolStatus;
import dev.isolated.spi.Request;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** One environment at a time, in a mode in which a test has something of its own on the server. */
record Databases(Environments environments, String mode) implements AutoCloseable {

    static Databases in(String mode, Map<String, String> more) {
        var settings = new HashMap<>(Map.of("isolated.environments.max", "1", "isolated.lease.timeout", "8s"));
        settings.putAll(more);
        return new Databases(Sandboxes.environments(settings), mode);
    }

    IsolatedEnvironment open(String test) {
        return environments.open(test, List.of(Request.of(Postgres.class, mode)));
    }

    /** Waits until what was given back is ready again. */
    void awaitRest() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .until(() -> environments
                        .status(Request.of(Postgres.class, mode))
                        .map(PoolStatus::ready)
                        .equals(Optional.of(1)));
    }

    /** A connection of code that knows nothing but the URL and the credentials. */
    static Connection foreign(Postgres postgres) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(), postgres.user(), postgres.password().reveal());
    }

    @Override
    public void close() {
        environments.close();
    }
}
