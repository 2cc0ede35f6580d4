package dev.isolated.postgres;

import dev.isolated.spi.Tenant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a test has open in its sandbox: sessions, connections with their statements, and what closed sessions have left
 * prepared on the server. Thread-safe, but for what is said to need the turn.
 */
final class OpenThings {

    private final Map<Integer, Session> sessions = new ConcurrentHashMap<>();
    private final Set<SandboxConnection> connections = ConcurrentHashMap.newKeySet();
    private final Queue<String> abandonedStatements = new ConcurrentLinkedQueue<>();

    void add(Session session) {
        sessions.put(session.number(), session);
    }

    /** A session closes, and leaves statements on the server; whoever ends the test meanwhile finds them here or there. */
    void remove(Session session, List<String> statements) {
        abandonedStatements.addAll(statements);
        sessions.remove(session.number());
    }

    @Nullable Session session(int number) {
        return sessions.get(number);
    }

    /** The sessions, the oldest first. */
    List<Session> sessions() {
        return sessions.values().stream()
                .sorted(Comparator.comparingInt(Session::number))
                .toList();
    }

    /** Has a connection's open statements reported at the end, until it is closed. */
    void add(SandboxConnection connection) {
        connections.add(connection);
    }

    void remove(SandboxConnection connection) {
        connections.remove(connection);
    }

    /** Tells the tenant of everything that it has not closed. */
    void report(Tenant tenant) {
        sessions.values().forEach(session -> tenant.report("a connection " + session.opened()));
        connections.forEach(SandboxConnection::reportOpenStatements);
    }

    /** Under the turn: has the server forget what closed sessions have prepared; how many messages that took. */
    int closeAbandoned(WireWriter out) {
        int count = 0;
        for (String name = abandonedStatements.poll(); name != null; name = abandonedStatements.poll()) {
            Wire.closeStatement(out, name);
            count++;
        }
        return count;
    }

    /** At the end: has the server forget what any session has prepared. */
    void closeStatements(WireWriter out) {
        sessions.values().forEach(session -> abandonedStatements.addAll(session.statementNames()));
        closeAbandoned(out);
    }
}
