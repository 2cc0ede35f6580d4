package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.postgres.Standing.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the messages of one session into those for the physical connection: opens units ahead of them, gives statements
 * and portals their {@link Names} on the server, and replaces transaction control when it is executed. Guarded by its
 * session.
 */
final class Translator {

    /** A statement that the session has prepared. */
    private record Prepared(Control control, String sql) {

        static final Prepared NOTHING = new Prepared(Control.PLAIN, "");
    }

    private final Sandbox sandbox;
    private final int number;
    private final Names names;
    private final Flight flight;
    private final SimpleQuery simple;
    private final Map<String, Prepared> statements = new HashMap<>();
    private final Map<String, Prepared> portals = new HashMap<>();
    private boolean cursors;

    Translator(Sandbox sandbox, Answers answers, int number) {
        this.sandbox = sandbox;
        this.number = number;
        names = new Names(number);
        flight = new Flight(answers);
        simple = new SimpleQuery(flight);
    }

    /** What is to be sent. */
    WireWriter toServer() {
        return flight.messages();
    }

    /** The session has got the wire. */
    void begin() {
        Standing confirmed = sandbox.standing();
        flight.begin(confirmed);
        cursors &= !confirmed.closed();
        for (int count = sandbox.open().closeAbandoned(toServer()); count > 0; count--) {
            flight.expect(Expected.HIDDEN_CLOSE);
        }
    }

    /** The names, on the server, of the statements that the session has prepared. */
    List<String> statementNames() {
        return statements.keySet().stream()
                .filter(name -> !name.isEmpty())
                .map(names::onServer)
                .toList();
    }

    void translate(char type, byte[] bytes, int body, int end) {
        switch (type) {
            case 'P' -> parse(bytes, body, end);
            case 'B' -> bind(bytes, body, end);
            case 'D' -> describe(bytes, body, end);
            case 'C' -> close(bytes, body, end);
            case 'E' -> execute(bytes, body, end);
            case 'Q' -> query(bytes, body, end);
            case 'F' -> {
                simple.openUnit();
                flight.unchanged(type, bytes, body, end, Expected.FUNCTION);
            }
            case 'S' -> flight.unchanged(type, bytes, body, end, Expected.SYNC);
            default -> flight.unanswered(type, bytes, body, end);
        }
    }

    private void parse(byte[] bytes, int body, int end) {
        String sql = Wire.text(bytes, Wire.textEnd(bytes, body) + 1);
        Control control = Control.of(sql);
        note(control);
        statements.put(Wire.text(bytes, body), new Prepared(control, sql));
        flight.openUnit();
        names.writeMessage(toServer(), 'P', bytes, body, body, end);
        flight.expect(Expected.PARSE);
    }

    private void bind(byte[] bytes, int body, int end) {
        String portal = Wire.text(bytes, body);
        int statement = Wire.textEnd(bytes, body) + 1;
        Prepared prepared = statements.getOrDefault(Wire.text(bytes, statement), Prepared.NOTHING);
        portals.put(portal, prepared);
        cursors |= !portal.isEmpty();
        flight.openUnit();
        if (lacksSavepoint(prepared.control())) {
            flight.command(Command.SAVEPOINT);
        }
        toServer().begin('B');
        names.write(toServer(), bytes, body);
        names.write(toServer(), bytes, statement);
        toServer().raw(bytes, Wire.textEnd(bytes, statement) + 1, end).end();
        flight.expect(Expected.BIND);
    }

    private void describe(byte[] bytes, int body, int end) {
        flight.openUnit();
        names.writeMessage(toServer(), 'D', bytes, body, body + 1, end);
        flight.expect(Expected.DESCRIBE);
    }

    private void close(byte[] bytes, int body, int end) {
        (bytes[body] == 'S' ? statements : portals).remove(Wire.text(bytes, body + 1));
        names.writeMessage(toServer(), 'C', bytes, body, body + 1, end);
        flight.expect(Expected.CLOSE);
    }

    private void execute(byte[] bytes, int body, int end) {
        Prepared prepared = portals.getOrDefault(Wire.text(bytes, body), Prepared.NOTHING);
        sandbox.history().begun(number, prepared.sql());
        flight.openUnit();
        var instead = instead(prepared.control());
        if (instead == null) {
            names.writeMessage(toServer(), 'E', bytes, body, body, end);
            flight.expect(Expected.EXECUTE);
        } else {
            flight.instead(instead);
        }
    }

    private void query(byte[] bytes, int body, int end) {
        String sql = Wire.text(bytes, body);
        Control control = SimpleQuery.control(sql);
        sandbox.history().begun(number, sql);
        note(control);
        simple.openUnit();
        if (lacksSavepoint(control)) {
            simple.commands(List.of(Command.SAVEPOINT));
        }
        var instead = instead(control);
        if (instead == null) {
            flight.unchanged('Q', bytes, body, end, Expected.QUERY);
        } else {
            simple.instead(instead);
        }
    }

    private void note(Control control) {
        if (control.taints()) {
            sandbox.taint();
        }
    }

    private @Nullable Instead instead(Control control) {
        String test = sandbox.tenant().name();
        var instead = Instead.of(control, flight.planned(), cursors, test);
        cursors = control.cursorsAfter(cursors);
        if (instead != null && control.kind() == Kind.DEALLOCATE_ALL) {
            flight.closeStatements(statementNames());
            statements.keySet().removeIf(name -> !name.isEmpty());
        }
        return instead;
    }

    private boolean lacksSavepoint(Control control) {
        return (control.kind() == Kind.SAVEPOINT || control.kind() == Kind.SET_TRANSACTION)
                && flight.planned().phase() == Phase.EXPLICIT
                && !flight.planned().savepoint();
    }
}
