package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the messages of one session into those for the physical connection: opens units ahead of them, gives statements
 * and portals their {@link Names} on the server, and replaces transaction control when it is executed. Guarded by its
 * session.
 */
final class Translator {

    private final Sandbox sandbox;
    private final Names names;
    private final Flight flight;
    private final SimpleQuery simple;
    private final Upkeep upkeep;
    private final Map<String, Control> statements = new HashMap<>();
    private final Map<String, Control> portals = new HashMap<>();
    private boolean cursors;
    private Copy copy = Copy.NONE;

    /** Data that the driver sends; nothing of the sandbox's own may come between. */
    private enum Copy {
        NONE,
        EXTENDED,
        SIMPLE
    }

    Translator(Sandbox sandbox, Answers answers, Upkeep upkeep, int number) {
        this.sandbox = sandbox;
        this.upkeep = upkeep;
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
        copy = Copy.NONE;
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
            case 'Q' -> query(Wire.text(bytes, body));
            case 'F' -> {
                openUnitSimply();
                flight.unchanged(type, bytes, body, end, Expected.FUNCTION);
                simple.tail(unitEnd());
            }
            case 'S' -> sync(bytes, body, end);
            case 'c', 'f' -> endCopy(type, bytes, body, end);
            default -> flight.unanswered(type, bytes, body, end);
        }
    }

    private void parse(byte[] bytes, int body, int end) {
        int text = Wire.textEnd(bytes, body) + 1;
        int types = Wire.textEnd(bytes, text) + 1;
        String sql = Wire.text(bytes, text);
        String name = Wire.text(bytes, body);
        Control control = Control.of(sql);
        note(control);
        statements.put(name, control);
        Traits traits = Traits.of(sql);
        upkeep.prepared(name, traits);
        openUnit();
        toServer().begin('P');
        names.write(toServer(), bytes, body);
        toServer().text(upkeep.text(traits, sql)).raw(bytes, types, end).end();
        flight.expect(Expected.PARSE);
    }

    private void bind(byte[] bytes, int body, int end) {
        String portal = Wire.text(bytes, body);
        int statement = Wire.textEnd(bytes, body) + 1;
        String name = Wire.text(bytes, statement);
        int values = Wire.textEnd(bytes, statement) + 1;
        Control control = statements.getOrDefault(name, Control.PLAIN);
        portals.put(portal, control);
        cursors |= !portal.isEmpty();
        openUnit();
        if (lacksSavepoint(control)) {
            flight.command(Command.SAVEPOINT);
        }
        flight.asides(upkeep.before(control, upkeep.bound(portal, name, bytes, values), flight.planned()));
        toServer().begin('B');
        names.write(toServer(), bytes, body);
        names.write(toServer(), bytes, statement);
        toServer().raw(bytes, values, end).end();
        flight.expect(Expected.BIND);
    }

    private void describe(byte[] bytes, int body, int end) {
        openUnit();
        names.writeMessage(toServer(), 'D', bytes, body, body + 1, end);
        flight.expect(Expected.DESCRIBE);
    }

    private void close(byte[] bytes, int body, int end) {
        (bytes[body] == 'S' ? statements : portals).remove(Wire.text(bytes, body + 1));
        names.writeMessage(toServer(), 'C', bytes, body, body + 1, end);
        flight.expect(Expected.CLOSE);
    }

    private void execute(byte[] bytes, int body, int end) {
        Control control = portals.getOrDefault(Wire.text(bytes, body), Control.PLAIN);
        Traits traits = upkeep.portal(Wire.text(bytes, body));
        openUnit();
        var instead = instead(control, traits);
        if (instead == null) {
            names.writeMessage(toServer(), 'E', bytes, body, body, end);
            flight.expect(Expected.EXECUTE.then(upkeep.done(traits)));
            flight.asides(upkeep.after(traits));
            copy = traits.verb().equals("COPY") ? Copy.EXTENDED : copy;
        } else {
            flight.instead(closing(instead), instead);
        }
    }

    private void query(String sql) {
        Control control = SimpleQuery.control(sql);
        Traits traits = Traits.together(sql);
        note(control);
        openUnitSimply();
        if (lacksSavepoint(control)) {
            simple.asides(List.of(Command.SAVEPOINT.aside()));
        }
        simple.asides(upkeep.before(control, traits, flight.planned()));
        var instead = instead(control, traits);
        if (instead != null) {
            simple.instead(closing(instead), instead);
            return;
        }
        Wire.query(toServer(), upkeep.text(traits, sql));
        flight.expect(Expected.QUERY.then(upkeep.done(traits)));
        if (traits.verb().equals("COPY")) {
            copy = Copy.SIMPLE;
        } else {
            simple.tail(Stream.concat(upkeep.after(traits).stream(), unitEnd().stream())
                    .toList());
        }
    }

    /** The driver's {@code Sync} ends an autocommit unit, unless it is one that the server ignores in the midst of a copy. */
    private void sync(byte[] bytes, int body, int end) {
        if (copy == Copy.NONE) {
            flight.asides(unitEnd());
        }
        flight.unchanged('S', bytes, body, end, Expected.SYNC);
    }

    private void endCopy(char type, byte[] bytes, int body, int end) {
        flight.unanswered(type, bytes, body, end);
        if (copy == Copy.SIMPLE) {
            simple.tail(unitEnd());
        }
        copy = Copy.NONE;
    }

    private void openUnit() {
        if (flight.planned().closed()) {
            flight.asides(upkeep.opening(flight.planned()));
            flight.expect(Expected.UNIT_OPENED);
        }
    }

    /** The same in the simple protocol. */
    private void openUnitSimply() {
        if (flight.planned().closed()) {
            simple.asides(upkeep.opening(flight.planned()));
            flight.expect(Expected.UNIT_OPENED);
        }
    }

    /** What is said before an autocommit unit is kept. */
    private List<Aside> unitEnd() {
        return flight.planned().phase() == Phase.IMPLICIT ? upkeep.closing() : List.of();
    }

    private List<Aside> closing(Instead instead) {
        return instead.effect() == Effect.UNIT_KEPT ? upkeep.closing() : List.of();
    }

    private void note(Control control) {
        if (control.taints()) {
            sandbox.taint();
        }
    }

    private @Nullable Instead instead(Control control, Traits traits) {
        String test = sandbox.tenant().name();
        var own = traits.none() || flight.planned().phase() == Phase.FAILED
                ? null
                : upkeep.instead(traits, flight.planned(), test);
        if (own != null) {
            if (own.tag().equals("DISCARD ALL")) {
                forgetStatements();
            }
            return own;
        }
        var instead = Instead.of(control, flight.planned(), cursors, test);
        cursors = control.cursorsAfter(cursors);
        if (instead != null && control.kind() == Kind.DEALLOCATE_ALL) {
            forgetStatements();
        }
        return instead;
    }

    private void forgetStatements() {
        flight.closeStatements(statementNames());
        statements.keySet().removeIf(name -> !name.isEmpty());
    }

    private boolean lacksSavepoint(Control control) {
        return (control.kind() == Kind.SAVEPOINT || control.kind() == Kind.SET_TRANSACTION)
                && flight.planned().phase() == Phase.EXPLICIT
                && !flight.planned().savepoint();
    }
}
