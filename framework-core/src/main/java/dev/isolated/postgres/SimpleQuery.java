package dev.isolated.postgres;

import dev.isolated.postgres.SqlScanner.Statement;
import dev.isolated.postgres.Standing.Effect;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The simple protocol: one message, any number of statements. Where control is among them they are sent one after the
 * other, each when the one before has succeeded, and the driver sees it all as the one query that it has sent. What the
 * sandbox puts ahead is a simple query too, because the server would discard anything else that followed an error without
 * a {@code Sync}. Guarded by its session.
 */
final class SimpleQuery {

    /** Some code that no server uses. */
    private static final String WELL_FORMED = "IS000";

    private static final String IN_FAILED_TRANSACTION = "25P02";
    private static final String SAVEPOINT = "SAVEPOINT \"isolated:text\"";
    private static final String BACK = "ROLLBACK TO SAVEPOINT \"isolated:text\"; RELEASE SAVEPOINT \"isolated:text\"";

    private final Flight flight;
    private final Deque<Part> rest = new ArrayDeque<>();
    private String whole = "";
    private boolean several;
    private boolean open;
    private boolean probing;

    /** What is sent as one message, and what it means. Immutable. */
    record Part(Control control, Traits traits, String sql) {

        static final Part NOTHING = new Part(Control.PLAIN, Traits.NONE, "");

        static Part of(String sql) {
            return new Part(Control.of(sql), Traits.of(sql), sql);
        }

        /** The same with what a {@code Bind} message says, whose parameters begin at {@code at}. */
        Part bound(byte[] bytes, int at) {
            return traits.none() ? this : new Part(control, traits.bound(bytes, at), sql);
        }
    }

    SimpleQuery(Flight flight) {
        this.flight = flight;
    }

    /** The session has got the wire. */
    void begin() {
        rest.clear();
        open = false;
        several = false;
        probing = false;
    }

    /**
     * The application's query; what is to be sent of it comes from {@link #next}.
     *
     * @param more whether something of the sandbox's own is to complete it
     */
    void take(String sql, boolean more) {
        begin();
        whole = sql;
        rest.addAll(parts(sql));
        several = rest.size() > 1;
        open = several || more;
    }

    /** What the text consists of; statements that need nothing of the sandbox stay together. */
    static List<Part> parts(String sql) {
        List<Part> parts = SqlScanner.statements(sql).stream()
                .map(statement -> new Part(Control.of(statement.sql()), Traits.of(statement.sql()), inPlace(statement)))
                .toList();
        if (parts.size() == 1) {
            return List.of(new Part(parts.get(0).control(), parts.get(0).traits(), sql));
        }
        return parts.stream().allMatch(part -> part.control().plain())
                ? List.of(new Part(
                        Control.together(parts.stream().map(Part::control)),
                        Traits.together(parts.stream().map(Part::traits)),
                        sql))
                : parts;
    }

    /** Behind as much as stood before it, for the server's messages say where in the text an error is. */
    private static String inPlace(Statement statement) {
        return " ".repeat(statement.start()) + statement.sql();
    }

    /** Whether its statements are sent one after the other. */
    boolean several() {
        return several;
    }

    /** Whether the driver is still to be told that its query is complete, once there is nothing {@link #next}. */
    boolean open() {
        return open;
    }

    /** What comes next; null when nothing is left. */
    @Nullable Part next() {
        return rest.poll();
    }

    /**
     * The server reads the whole of a query before it does any of it. It is given the text behind something that fails, so
     * that it says whether there is an error in it and does nothing.
     */
    void probe() {
        if (flight.planned().phase() != Standing.Phase.FAILED) {
            own(SAVEPOINT);
        }
        Wire.query(flight.messages(), Refusal.raising(WELL_FORMED, "well-formed", "") + ";" + whole);
        flight.expect(Expected.PROBE);
        probing = true;
    }

    /** After the probe's answer: the parts are next, or the whole for the server to say what is wrong with it. */
    void probed(String sqlState) {
        if (!probing) {
            return;
        }
        probing = false;
        if (sqlState.equals(WELL_FORMED)) {
            own(BACK);
        } else if (!sqlState.equals(IN_FAILED_TRANSACTION)) {
            rest.clear();
            rest.add(new Part(Control.PLAIN, Traits.NONE, whole));
            open = false;
        }
    }

    /** Says things unseen, ahead of a message of the application's. */
    void interject(List<Interjection> interjections) {
        if (!interjections.isEmpty()) {
            query(Expected.Kind.QUERY, interjections);
        }
    }

    private void query(Expected.Kind kind, List<Interjection> interjections) {
        Wire.query(flight.messages(), sql(interjections));
        flight.expect(Expected.hiddenQuery(kind, interjections));
    }

    /** A part as the application has written it, or nearly so. */
    void statement(String sql, Runnable done, Runnable confirming) {
        Wire.query(flight.messages(), sql);
        flight.expect(Expected.statement(open, Effect.NONE, "").then(done).then(confirming));
    }

    /**
     * What is done when a part is transaction control; an empty query where only the answer matters.
     *
     * @param closing what is said before a unit is kept; what fails there makes all of it fail
     */
    void instead(List<Interjection> closing, Instead instead, Runnable done) {
        List<Interjection> commands =
                instead.commands().stream().map(Command::interjection).toList();
        if (closing.isEmpty()) {
            interject(commands);
            Wire.query(flight.messages(), String.join("; ", instead.sql()));
            flight.expect(
                    Expected.statement(open, instead.effect(), instead.tag()).then(done));
            return;
        }
        List<Interjection> all = Stream.of(closing, commands, List.of(Interjection.effect(instead.effect())))
                .flatMap(List::stream)
                .toList();
        Wire.query(flight.messages(), sql(all) + "; " + String.join("; ", instead.sql()));
        flight.expect(Expected.statement(open, all, instead.tag()).then(done));
    }

    /** Completes the driver's query with something of the sandbox's own. */
    void tail(List<Interjection> interjections) {
        open = false;
        query(Expected.Kind.TAIL, interjections);
    }

    private void own(String sql) {
        interject(List.of(Interjection.sql(sql)));
    }

    /** All of what is to be said. */
    static String sql(List<Interjection> interjections) {
        return interjections.stream()
                .map(Interjection::sql)
                .filter(sql -> !sql.isEmpty())
                .collect(Collectors.joining("; "));
    }
}
