package dev.isolated.postgres;

import dev.isolated.postgres.Expected.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    private final Answers answers;
    private final Upkeep upkeep;
    private final Emulation emulation;
    private final Deque<Part> rest = new ArrayDeque<>();
    private String whole = "";
    private boolean several;
    /** Whether the driver is still to be told that its query is complete, once nothing is left of it. */
    private boolean open;

    private boolean probing;
    private boolean copying;
    /** What goes behind the statement that has been sent. */
    private List<Interjection> owed = List.of();

    SimpleQuery(Flight flight, Answers answers, Upkeep upkeep, Emulation emulation) {
        this.flight = flight;
        this.answers = answers;
        this.upkeep = upkeep;
        this.emulation = emulation;
    }

    /** The session has got the wire. */
    void begin() {
        rest.clear();
        several = false;
        open = false;
        probing = false;
        copying = false;
        owed = List.of();
    }

    /** Writes what the application's query begins with; the rest comes from {@link #goesOn}. */
    void take(String sql, List<Part> parts) {
        begin();
        whole = sql;
        rest.addAll(parts);
        several = rest.size() > 1;
        open = several || emulation.overlaps();
        openUnit();
        if (several) {
            probe();
        } else {
            goesOn();
        }
    }

    /** Writes a call of a function, which is said in a message of its own. */
    void call(byte[] bytes, int body, int end) {
        openUnit();
        flight.unchanged('F', bytes, body, end, Expected.FUNCTION);
        end();
    }

    /** Writes what comes next, now that what was sent before has succeeded; false where nothing does. */
    boolean goesOn() {
        probed();
        interject(owed);
        owed = List.of();
        Part part = rest.poll();
        if (part != null) {
            part(part);
        } else if (open) {
            tail(emulation.tail());
        }
        return flight.messages().length() > 0;
    }

    /** Whether the driver is sending data; nothing of the sandbox's own may come between. */
    boolean copying() {
        return copying;
    }

    /** The driver has sent all its data. */
    void copied() {
        if (copying) {
            copying = false;
            end();
        }
    }

    private void part(Part part) {
        emulation.read(part);
        emulation.begun(part);
        openUnit();
        if (emulation.lacksSavepoint(part, several)) {
            interject(List.of(Command.SAVEPOINT.interjection()));
        }
        interject(upkeep.before(part, flight.planned()));
        var instead = emulation.instead(part, several);
        if (instead != null) {
            instead(emulation.closing(instead), instead);
            end();
            return;
        }
        Wire.query(flight.messages(), upkeep.text(part, false));
        flight.expect(Expected.statement(open, emulation.effect(part), "")
                .startingAt(part.start())
                .then(upkeep.done(part.traits()))
                .then(emulation.confirming()));
        owed = upkeep.after(part.traits());
        copying = part.traits().takesData();
        if (!copying) {
            end();
        }
    }

    private void openUnit() {
        emulation.openUnit(this::interject);
    }

    /** What goes behind a query that is whole, in the same flight. */
    private void end() {
        if (open) {
            return;
        }
        List<Interjection> interjections =
                Stream.concat(owed.stream(), emulation.unitEnd().stream()).toList();
        owed = List.of();
        if (!interjections.isEmpty()) {
            tail(interjections);
        }
    }

    /**
     * The server reads the whole of a query before it does any of it. It is given the text behind something that fails, so
     * that it says whether there is an error in it and does nothing.
     */
    private void probe() {
        if (flight.planned().phase() != Standing.Phase.FAILED) {
            own(SAVEPOINT);
        }
        Wire.query(flight.messages(), Refusal.raising(WELL_FORMED, "well-formed", "") + ";" + whole);
        flight.expect(Expected.PROBE);
        probing = true;
    }

    /** After the probe's answer: the parts are next, or the whole for the server to say what is wrong with it. */
    private void probed() {
        if (!probing) {
            return;
        }
        probing = false;
        boolean failed = flight.planned().phase() == Standing.Phase.FAILED;
        if (!failed) {
            own(BACK);
        }
        if (!answers.probed().equals(failed ? IN_FAILED_TRANSACTION : WELL_FORMED)) {
            rest.clear();
            rest.add(Part.plain(whole));
            open = false;
        }
    }

    /**
     * What is done when a part is transaction control; an empty query where only the answer matters.
     *
     * @param closing what is said before a unit is kept; what fails there makes all of it fail
     */
    private void instead(List<Interjection> closing, Instead instead) {
        List<Interjection> commands =
                instead.commands().stream().map(Command::interjection).toList();
        String sql = String.join("; ", instead.sql());
        Expected answer;
        if (closing.isEmpty()) {
            interject(commands);
            answer = Expected.statement(open, instead.effect(), instead.tag());
        } else {
            List<Interjection> all = Stream.of(closing, commands, List.of(Interjection.effect(instead.effect())))
                    .flatMap(List::stream)
                    .toList();
            sql = sql(all) + "; " + sql;
            answer = Expected.statement(open, all, instead.tag());
        }
        Wire.query(flight.messages(), sql);
        flight.expect(answer.then(emulation.confirming()));
    }

    /** Says things unseen, ahead of a message of the application's. */
    private void interject(List<Interjection> interjections) {
        if (!interjections.isEmpty()) {
            query(Kind.QUERY, interjections);
        }
    }

    /** Completes the driver's query with something of the sandbox's own. */
    private void tail(List<Interjection> interjections) {
        open = false;
        query(Kind.TAIL, interjections);
    }

    private void query(Kind kind, List<Interjection> interjections) {
        Wire.query(flight.messages(), sql(interjections));
        flight.expect(Expected.hiddenQuery(kind, interjections));
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
