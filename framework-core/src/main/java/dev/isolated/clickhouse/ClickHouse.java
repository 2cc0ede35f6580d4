package dev.isolated.clickhouse;

import com.clickhouse.client.api.Client;
import dev.isolated.settings.Secret;
import java.net.URI;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * A test's own ClickHouse: a database of a real server, and a user that can reach no other; in {@code PREFIX} mode, the tables
 * of one whose names begin in one way. It is empty at first but for what every test starts with, and everything in it is gone
 * when the test ends; from then on its clients are refused. Thread-safe.
 */
public final class ClickHouse {

    private final LeasedPlace leased;

    ClickHouse(LeasedPlace leased) {
        this.leased = leased;
    }

    /** Opens connections of ClickHouse's JDBC driver; the test's own database is their default. */
    public DataSource dataSource() {
        return leased.dataSource();
    }

    /** ClickHouse's Java client. All callers share it and nobody needs to close it. */
    public Client client() {
        return leased.client();
    }

    /**
     * Waits until everything that was begun in this database is done: asynchronous inserts, mutations and merges. Fails
     * with what is outstanding where that takes too long.
     */
    public void settle(Duration limit) {
        leased.settle(limit);
    }

    /** For other JDBC pools and tools; the user and the password are told apart from it. */
    public String jdbcUrl() {
        return "jdbc:clickhouse://" + leased.line().endpoint().address() + "/" + database();
    }

    /** Where the server answers HTTP, for clients of one's own. */
    public URI endpoint() {
        return URI.create("http://" + leased.line().endpoint().address());
    }

    /** The test's own name for a table: with {@link #tablePrefix()}, and so the same where a test has a database of its own. */
    public String table(String name) {
        return leased.place().table(name);
    }

    /** How the names of all of the test's tables have to begin; empty where it has a database of its own. */
    public String tablePrefix() {
        return leased.place().prefix();
    }

    public String database() {
        return leased.line().database();
    }

    public String user() {
        return leased.line().user();
    }

    /** The password of {@link #user()}, good for this test alone. */
    public Secret password() {
        leased.tenant().verify();
        return leased.line().password();
    }

    @Override
    public String toString() {
        return "ClickHouse of " + leased.tenant().name() + " (" + leased.place().describe() + ")";
    }
}
