package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A slice in DATABASE mode: a database of its own for each test, the last one's only if nothing was written to it. */
final class DatabaseSlice implements Slice<Postgres> {

    private final Clones clones;
    private final PostgresSlices slices;
    private final Optional<Keeper> keeper;
    private final int evidenceRows;
    private volatile Clone clone;
    private @Nullable DirectAccess access;
    private @Nullable Template prepared;
    private Keeper.@Nullable Access kept;

    DatabaseSlice(PostgresSlices slices, Clones clones, Optional<Keeper> keeper, int evidenceRows) {
        this.slices = slices;
        this.clones = clones;
        this.keeper = keeper;
        this.evidenceRows = evidenceRows;
        clone = clones.fresh();
    }

    @Override
    public Postgres handOut(Tenant tenant) {
        var opened = DirectAccess.of(tenant, clone.login(), clones.connections());
        access = opened;
        return opened.handle();
    }

    @Override
    public List<Evidence> evidence() {
        var evidence = new ArrayList<>(new DatabaseEvidence(clone, evidenceRows).gather());
        evidence.add(new Evidence("connections", leased().describe()));
        if (keeper.isPresent() && prepared != null) {
            evidence.add(new Evidence("not kept", "the next test of its class starts from what was prepared for all"));
        }
        return evidence.stream().map(it -> it.without(clone.login().password())).toList();
    }

    @Override
    public Optional<Predicate<String>> ownLogLines() {
        DirectConnections connections = leased();
        String name = clone.name();
        return Optional.of(line -> connections.logged(line) || line.contains(name));
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
        DirectAccess ended = Objects.requireNonNull(access);
        ended.cutOff();
        clones.endSessions(clone, ended.connections());
        keeper.orElseThrow().keep(Objects.requireNonNull(kept));
    }

    @Override
    public void mark() {
        List<String> undecided = leased().inTransaction();
        if (!undecided.isEmpty()) {
            String test = leased().tenant().name();
            throw new SettingsException(
                    Explanation.couldNot("make what was prepared for " + test + " what each of its tests starts from")
                            .expected("that every transaction in it was committed or rolled back")
                            .found("one that is open, of " + undecided.get(0))
                            .next("end it in @BeforeAll, where it was begun"));
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

    private DirectConnections leased() {
        return Objects.requireNonNull(access, "nobody has leased this slice").connections();
    }

    @Override
    public void reset() {
        if (access != null) {
            access.cutOff();
        }
    }

    @Override
    public void awaitReset() {
        DirectAccess ended = access;
        if (ended == null) {
            return;
        }
        access = null;
        clones.endSessions(clone, ended.connections());
        renew();
    }

    private void renew() {
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
