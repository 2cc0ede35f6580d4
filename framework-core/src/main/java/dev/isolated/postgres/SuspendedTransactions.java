package dev.isolated.postgres;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that have stepped aside: those beneath the current one, and those that are parked. Used under the turn,
 * but for what is said to be thread-safe.
 */
final class SuspendedTransactions {

    private final Deque<Suspended> stacked = new ArrayDeque<>();
    private final Map<Session, Suspended> parked = new LinkedHashMap<>();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final Set<Session> gone = ConcurrentHashMap.newKeySet();

    /** Thread-safe. */
    boolean isEmpty() {
        return sessions.isEmpty();
    }

    /** Thread-safe. */
    boolean contains(Session session) {
        return sessions.contains(session);
    }

    /** A session closes while its transaction, if it has one here, is suspended; thread-safe. */
    void abandon(Session session) {
        if (sessions.contains(session)) {
            gone.add(session);
        }
    }

    /** The transaction right beneath the current one, or null. */
    @Nullable Suspended below() {
        return stacked.peek();
    }

    /** All that are beneath the current one. */
    Collection<Suspended> stacked() {
        return stacked;
    }

    boolean isBelow(Session session) {
        return stacked.stream().anyMatch(below -> below.session() == session);
    }

    /** Whose turn it is when the current transaction has ended, or null where everybody's. */
    @Nullable Session next() {
        return isEmpty()
                ? null
                : latestFirst()
                        .map(Suspended::session)
                        .filter(session -> !gone.contains(session))
                        .findFirst()
                        .orElse(null);
    }

    /** The one that was the last to step aside; there is one. */
    Suspended latest() {
        return latestFirst().findFirst().orElseThrow();
    }

    private Stream<Suspended> latestFirst() {
        var reversed = new ArrayDeque<Suspended>();
        parked.values().forEach(reversed::push);
        return Stream.concat(stacked.stream(), reversed.stream());
    }

    /** Their cursors, which go on. */
    List<String> cursors() {
        return isEmpty()
                ? List.of()
                : Stream.concat(stacked.stream(), parked.values().stream())
                        .flatMap(transaction -> transaction.cursors().stream())
                        .toList();
    }

    void push(Suspended transaction) {
        stacked.push(transaction);
        sessions.add(transaction.session());
    }

    /** The one right beneath is current again; whether its session has been closed meanwhile. */
    boolean pop() {
        Session session = stacked.pop().session();
        sessions.remove(session);
        return gone.remove(session);
    }

    void park(Suspended transaction) {
        parked.put(transaction.session(), transaction);
        sessions.add(transaction.session());
    }

    /** The session's, which is parked no longer, or null where it was not. */
    @Nullable Suspended unpark(Session session) {
        Suspended transaction = parked.remove(session);
        if (transaction != null) {
            sessions.remove(session);
        }
        return transaction;
    }

    /** Nobody comes back for what a closed session has parked. */
    void forgetParkedOfGone() {
        parked.keySet().removeIf(session -> gone.remove(session) && sessions.remove(session));
    }

    /** Forgets all; whose they were. */
    List<Session> dismiss() {
        List<Session> had =
                sessions.stream().filter(session -> !gone.contains(session)).toList();
        stacked.clear();
        parked.clear();
        sessions.clear();
        gone.clear();
        return had;
    }
}
