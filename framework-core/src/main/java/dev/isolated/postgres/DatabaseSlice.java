package dev.isolated.postgres;

import dev.isolated.spi.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A slice in DATABASE mode: a database of its own for each test, the last one's only if nothing was written to it. */
final class DatabaseSlice extends DirectSlice {

    private final Clones clones;
    private final PostgresSlices slices;
    private final Optional<Keeper> keeper;
    private volatile Clone clone;
    private @Nullable Template prepared;
    private Keeper.@Nullable Access kept;

    DatabaseSlice(PostgresSlices slices, Clones clones, Optional<Keeper> keeper, int evidenceRows) {
        super(clones.connections(), evidenceRows);
        this.slices = slices;
        this.clones = clones;
        this.keeper = keeper;
        clone = clones.fresh();
    }

    @Override
    Login login() {
        return clone.login();
    }

    @Override
    Scope scope() {
        return Scope.of(clone);
    }

    @Override
    String name() {
        return clone.name();
    }

    @Override
    public List<Evidence> evidence() {
        var evidence = new ArrayList<>(super.evidence());
        if (keeper.isPresent() && prepared != null) {
            evidence.add(new Evidence("not kept", "the next test of its class starts from what was prepared for all"));
        }
        return evidence;
    }

    @Override
    public Optional<String> keep() {
        if (prepared != null) {
            return Optional.empty();
        }
        return keeper.map(it -> {
            kept = it.access(clone.name());
            return kept.description();
        });
    }

    @Override
    public void leave() {
        reset();
        clones.endSessions(clone, leased());
        keeper.orElseThrow().keep(Objects.requireNonNull(kept));
    }

    @Override
    public void mark() {
        List<String> undecided = leased().inTransaction();
        if (!undecided.isEmpty()) {
            throw UndecidedTransaction.refused(leased().tenant(), "of " + undecided.get(0));
        }
        leased().alone(() -> {
            leased().interrupt();
            prepared = clones.copy(clone, leased());
            clone = clones.asItIs(clone);
        });
    }

    @Override
    public List<String> rewind() {
        Template target = Objects.requireNonNull(prepared, "there is no mark to go back to");
        var undone = new ArrayList<String>();
        leased().alone(() -> {
            undone.addAll(leased().interrupt());
            clones.endSessions(clone, leased());
            clones.restore(clone, target);
        });
        return undone;
    }

    @Override
    void renew(DirectConnections ended) {
        clones.endSessions(clone, ended);
        if (prepared == null && clones.comparable()) {
            Clones.Renamed renamed = clones.renamed(clone);
            clone = renamed.now();
            if (renamed.untouched()) {
                return;
            }
        }
        Clone used = clone;
        clone = clones.fresh();
        removePrepared();
        clones.remove(used);
    }

    private void removePrepared() {
        if (prepared != null) {
            slices.drop(prepared.database());
            prepared = null;
        }
    }

    @Override
    public void destroy() {
        removePrepared();
        slices.drop(clone.name());
    }

    @Override
    public String describe() {
        return "database " + clone.name();
    }
}
