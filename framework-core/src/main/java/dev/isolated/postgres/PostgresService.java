package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Key;
import dev.isolated.spi.Blueprint;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slices;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/** Postgres as a service; {@link java.util.ServiceLoader} makes it. Stateless. */
public final class PostgresService implements Service<Postgres> {

    /** Each test in its own transaction, in a database that no other test uses at the time. */
    public static final String TRANSACTION = "TRANSACTION";

    /** Each test in a database of its own, which any client can reach. */
    public static final String DATABASE = "DATABASE";

    /** Each test in a schema of its own, for servers where databases may not be made. */
    public static final String SCHEMA = "SCHEMA";

    private static final Blueprint BLUEPRINT = new Blueprint(
            5432,
            5434,
            "postgres",
            "postgres:18",
            "POSTGRES_PASSWORD",
            List.of(),
            List.of(
                    "-c",
                    "fsync=off",
                    "-c",
                    "synchronous_commit=off",
                    "-c",
                    "full_page_writes=off",
                    "-c",
                    "max_connections=300"),
            "/var/lib/postgresql");

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public Class<Postgres> handle() {
        return Postgres.class;
    }

    @Override
    public List<Key<?>> keys() {
        return PostgresKeys.all();
    }

    @Override
    public Map<Class<?>, Function<Postgres, Object>> views() {
        return Map.of(DataSource.class, Postgres::dataSource, Connection.class, PostgresService::connection);
    }

    @Override
    public List<String> modes() {
        return List.of(TRANSACTION, DATABASE, SCHEMA);
    }

    @Override
    public boolean takesBases() {
        return true;
    }

    @Override
    public void warmUp() throws SQLException {
        Rehearsal.play();
    }

    @Override
    public Slices<Postgres> connect(Server server, Plan plan) {
        return plan.mode().equals(SCHEMA) ? SchemaSlices.open(server, plan) : PostgresSlices.open(server, plan);
    }

    @Override
    public Optional<Blueprint> blueprint() {
        return Optional.of(BLUEPRINT);
    }

    @Override
    public Server takeOver(Server started) {
        try (PostgresAdmin admin = PostgresAdmin.connect(started, PostgresAdmin.MAINTENANCE)) {
            return admin.secure();
        }
    }

    @Override
    public void check(Server running) {
        PostgresAdmin.connect(running, "postgres").close();
    }

    private static Connection connection(Postgres postgres) {
        try {
            return postgres.connection();
        } catch (SQLException e) {
            throw new IsolationException(
                    Explanation.couldNot("open a connection of " + postgres).found(String.valueOf(e.getMessage())), e);
        }
    }
}
