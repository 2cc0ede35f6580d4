package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A slice in TRANSACTION mode: a database that no other test uses at the time, and one transaction in it. */
final class TransactionSlice implements Slice<Postgres> {

    private static final String RECOVERING = "57P03";
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    private static final Duration RECOVERY_PAUSE = Duration.ofMillis(20);

    private static final Evidence NOT_KEPT = new Evidence(
            "not kept",
            "In TRANSACTION isolation nothing is ever committed, so there is no database to be kept by "
                    + PostgresKeys.KEEP_ON_FAILURE
                    + "; what is told here is all that stays. Use DATABASE isolation for this"
                    + " test to keep its database.");

    private final PostgresSlices slices;
    private final Login login;
    private final Duration patience;
    private final Duration grace;
    private final Isolation isolation;
    private final String sequences;
    private final int evidenceRows;
    private final boolean toBeKept;
    private PhysicalConnection physical;
    private @Nullable Sandbox sandbox;
    private @Nullable UrlToken token;

    TransactionSlice(PostgresSlices slices, Login login, Settings settings) {
        this.slices = slices;
        this.login = login;
        patience = settings.get(PostgresKeys.TURN_TIMEOUT);
        grace = settings.get(PostgresKeys.GRACE);
        isolation = settings.get(PostgresKeys.ISOLATION);
        toBeKept = settings.get(PostgresKeys.KEEP_ON_FAILURE).isPresent();
        evidenceRows = settings.get(Keys.EVIDENCE_ROWS);
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

    /** The test gets a password that opens its sandbox, and not the server. */
    @Override
    public Postgres handOut(Tenant tenant) {
        if (physical.disturbed()) {
            reconnect();
        }
        var opened = new Sandbox(physical, tenant, patience, isolation);
        Login shown = login.with(Secret.random());
        var fresh = new UrlToken(new SandboxDoor(opened, shown));
        sandbox = opened;
        token = fresh;
        return new Postgres(new SandboxDataSource(opened, shown, fresh), fresh);
    }

    @Override
    public List<Evidence> evidence() {
        var evidence = new ArrayList<>(new TransactionEvidence(leased(), evidenceRows).gather());
        if (toBeKept) {
            evidence.add(NOT_KEPT);
        }
        Secret shown = Objects.requireNonNull(token).door().login().password();
        return evidence.stream()
                .map(it -> it.without(login.password()).without(shown))
                .toList();
    }

    /** The server begins its lines with the backend's number, unless it was told otherwise. */
    @Override
    public Optional<Predicate<String>> ownLogLines() {
        String backend = "[" + physical.backendPid() + "]";
        return Optional.of(line -> (line.contains(backend) || line.contains(login.database()))
                && !line.contains("isolated:")
                && !line.contains("$isolated$"));
    }

    @Override
    public void mark() {
        try {
            leased().mark(grace);
        } catch (IOException | SQLException e) {
            throw notDone("make what was prepared in " + describe() + " what each test starts from", e);
        }
    }

    @Override
    public List<String> rewind() {
        try {
            return leased().rewind(grace);
        } catch (IOException | SQLException e) {
            throw notDone("undo what a test did in " + describe(), e);
        }
    }

    private Sandbox leased() {
        return Objects.requireNonNull(sandbox, "nobody has leased this slice");
    }

    @Override
    public void reset() {
        revokeToken();
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
        revokeToken();
        physical.close();
        slices.drop(login.database());
    }

    @Override
    public String describe() {
        return "database " + login.database() + ", backend " + physical.backendPid();
    }

    private IsolationException notRolledBack(Sandbox ended, IOException cause) {
        return notDone("roll back what " + ended.tenant().name() + " did in " + describe(), cause);
    }

    private static IsolationException notDone(String task, Exception cause) {
        return new IsolationException(
                Explanation.couldNot(task)
                        .expected("the connection beneath its sandbox to be intact")
                        .found(String.valueOf(cause.getMessage()))
                        .next("see what the test did to its connections or to the server; the slice is replaced"),
                cause);
    }

    private void revokeToken() {
        if (token != null) {
            token.revoke();
        }
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
