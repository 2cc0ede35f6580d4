package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters that one connection has set, for its session or for a transaction. The server has one session for all
 * connections, and the sandbox's transaction outlasts theirs. Guarded by its session.
 */
final class OwnParameters {

    private static final int NOWHERE = -1;

    private final SharedSession shared;
    private final Set<String> own = new LinkedHashSet<>();
    private final Set<String> locals = new LinkedHashSet<>();
    private final Set<String> saved = new HashSet<>();
    private Map<String, String> begun = Map.of();
    private volatile boolean gone;

    OwnParameters(SharedSession shared) {
        this.shared = shared;
    }

    /** The connection begins with these. */
    void begin(Map<String, String> parameters) {
        begun = parameters;
        own.addAll(parameters.keySet());
    }

    /** The connection has been closed. */
    void end() {
        gone = true;
    }

    boolean gone() {
        return gone;
    }

    /** In its place are those of another connection again. */
    void loseWhatIsSaved() {
        saved.clear();
    }

    /** The names of those of its session, as they come to be. */
    Set<String> names() {
        return Collections.unmodifiableSet(own);
    }

    /** A transaction begins. */
    void opening() {
        locals.clear();
    }

    /** What gives the server's session these in place of another connection's; empty where it has them. */
    Optional<Interjection> change() {
        OwnParameters wearer = shared.wearer();
        Set<String> left = wearer == null ? Set.of() : Set.copyOf(wearer.own);
        if (wearer == this || (own.isEmpty() && left.isEmpty())) {
            shared.wornBy(this);
            return Optional.empty();
        }
        OwnParameters leaving = wearer == null || wearer.gone ? null : wearer;
        int from = leaving == null ? NOWHERE : shared.placeOf(leaving);
        int to = saved.isEmpty() ? NOWHERE : shared.placeOf(this);
        String sql = ParameterSql.change(from, left, to, own, begun, saved);
        return Optional.of(Interjection.sql(sql, () -> {
            if (leaving != null) {
                leaving.saved.addAll(left);
            }
            shared.wornBy(this);
        }));
    }

    /** As SQL, what makes all of them, but for some, what they were in the beginning; empty where that is nothing. */
    String resetAll(Set<String> but) {
        var names = new LinkedHashSet<>(own);
        names.addAll(locals);
        names.removeAll(but);
        if (names.isEmpty()) {
            return "";
        }
        List<String> masks = locals.stream().filter(names::contains).toList();
        return ParameterSql.reset(names, begun, masks);
    }

    /** What goes ahead of a statement that changes some. */
    List<Interjection> before(Traits traits) {
        List<Interjection> interjections = new ArrayList<>();
        for (ParameterChange change : traits.changes()) {
            if (change.local()) {
                locals.add(change.name());
                interjections.add(Interjection.sql(ParameterSql.remember(change.name())));
            } else if (locals.contains(change.name())) {
                interjections.add(Interjection.sql(ParameterSql.forget(change.name())));
            }
        }
        return interjections;
    }

    /** A statement that changes some has succeeded. */
    void changed(Traits traits) {
        traits.changes().stream().filter(change -> !change.local()).forEach(change -> own.add(change.name()));
    }

    /** What goes behind a statement that resets some: to what the connection, and not the server, began with. */
    List<Interjection> after(Traits traits) {
        List<String> reset = traits.changes().stream()
                .filter(change -> change.reset() && begun.containsKey(change.name()))
                .map(ParameterChange::name)
                .toList();
        return reset.isEmpty() ? List.of() : List.of(Interjection.sql(ParameterSql.reset(reset, begun, List.of())));
    }

    /** Whether the transaction has some that end with it. */
    boolean local() {
        return !locals.isEmpty();
    }

    /** Ends what was for the transaction only. */
    Interjection restore() {
        Interjection restoring = Interjection.sql(ParameterSql.restore(locals));
        locals.clear();
        return restoring;
    }
}
