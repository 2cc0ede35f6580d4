package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A slice in TRANSACTION mode: a database that no other test uses at the time, and one transaction in it. */
final class TransactionSlice implements Slice<Postgres> {

    private static final String RECOVERING = "57P03";
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    private static final Duration RECOVERY_PAUSE = Duration.ofMillis(20);

    private final PostgresSlices slices;
    private final Login login;
    private final Duration patience;
    private final Duration grace;
    private final Isolation isolation;
    private final String sequences;
    private PhysicalConnection physical;
    private @Nullable Sandbox sandbox;
    private UrlToken token = new UrlToken();

    TransactionSlice(PostgresSlices slices, Login login, Settings settings) {
        this.slices = slices;
        this.login = login;
        patience = settings.get(PostgresKeys.TURN_TIMEOUT);
        grace = settings.get(PostgresKeys.GRACE);
        isolation = settings.get(PostgresKeys.ISOLATION);
        physical = connect();
        sequences = settings.get(PostgresKeys.SEQUENCES) == Sequences.RESET ? sequences() : "";
    }

    private String sequences() {
        try {
            return physical.sequences();
        } catch (SQLException e) {
            physical.close();
            throw new IsolationException(
                    Explanation.couldNot("read where the sequences of database " + login.database() + " stand")
                            .expected("the slice's role to be allowed to read those that it may set")
                            .found(String.valueOf(e.getMessage()))
                            .next("grant it, or set " + PostgresKeys.SEQUENCES + " = "
                                    + PostgresKeys.SEQUENCES.fallback()),
                    e);
        }
    }

    @Override
    public Postgres handOut(Tenant tenant) {
        if (physical.disturbed()) {
            reconnect();
        }
        var opened = new Sandbox(physical, tenant, patience, isolation);
        var fresh = new UrlToken();
        sandbox = opened;
        token = fresh;
        return new Postgres(tenant, login, new SandboxDataSource(opened, login), () -> fresh.url(login, opened));
    }

    @Override
    public void reset() {
        token.revoke();
        Sandbox ended = sandbox;
        if (ended == null) {
            return;
        }
        try {
            ended.end(grace, sequences);
        } catch (IOException e) {
            throw notRolledBack(ended, e);
        }
    }

    @Override
    public void awaitReset() {
        Sandbox ended = sandbox;
        if (ended == null) {
            return;
        }
        sandbox = null;
        try {
            ended.awaitEnd();
        } catch (IOException e) {
            throw notRolledBack(ended, e);
        }
        if (ended.tainted()) {
            reconnect();
        }
    }

    @Override
    public void destroy() {
        token.revoke();
        physical.close();
        slices.drop(login.database());
    }

    @Override
    public String describe() {
        return "database " + login.database() + ", backend " + physical.backendPid();
    }

    private IsolationException notRolledBack(Sandbox ended, IOException cause) {
        return new IsolationException(
                Explanation.couldNot("roll back what " + ended.tenant().name() + " did in " + describe())
                        .expected("the connection beneath its sandbox to be intact")
                        .found(String.valueOf(cause.getMessage()))
                        .next("see what the test did to its connections or to the server; the slice is replaced"),
                cause);
    }

    private void reconnect() {
        physical.close();
        physical = connect();
    }

    private PhysicalConnection connect() {
        long limit = System.nanoTime() + RECOVERY.toNanos();
        while (true) {
            try {
                return PhysicalConnection.open(login, "isolated " + login.database());
            } catch (SQLException e) {
                if (!RECOVERING.equals(e.getSQLState()) || System.nanoTime() > limit) {
                    throw failed(e);
                }
                LockSupport.parkNanos(RECOVERY_PAUSE.toNanos());
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    private IsolationException failed(Exception cause) {
        String task = "connect to database " + login.database();
        return new LogInFailure(task, login.server(), login.user(), login.database(), cause).exception();
    }
}
