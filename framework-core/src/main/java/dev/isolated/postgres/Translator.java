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
    private final Answers answers;
    private final Block block = new Block();
    private final Names names;
    private final Flight flight;
    private final SimpleQuery simple;
    private final Prepared prepared = new Prepared();
    private final Upkeep upkeep;
    private final Map<String, Meaning> portals = new HashMap<>();
    private boolean cursors;
    private boolean pipelined;
    private List<Aside> owed = List.of();
    private Copy copy = Copy.NONE;

    /** Data that the driver sends; nothing of the sandbox's own may come between. */
    private enum Copy {
        NONE,
        EXTENDED,
        SIMPLE
    }

    Translator(Sandbox sandbox, Answers answers, Upkeep upkeep, int number) {
        this.sandbox = sandbox;
        this.answers = answers;
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
        simple.begin();
        prepared.settle(answers.succeeded());
        if (confirmed.closed()) {
            cursors = false;
            block.begin();
        }
        pipelined = false;
        owed = List.of();
        copy = Copy.NONE;
        for (int count = sandbox.open().closeAbandoned(toServer()); count > 0; count--) {
            flight.expect(Expected.HIDDEN_CLOSE);
        }
    }

    /** The names, on the server, of the statements that the session has prepared. */
    List<String> statementNames() {
        return prepared.names().stream().map(names::onServer).toList();
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
                endSimply();
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
        Meaning meaning = Meaning.of(sql);
        note(meaning.control());
        prepared.put(Wire.text(bytes, body), meaning);
        openUnit();
        toServer().begin('P');
        names.write(toServer(), bytes, body);
        toServer()
                .text(upkeep.text(meaning.traits(), sql))
                .raw(bytes, types, end)
                .end();
        flight.expect(Expected.PARSE);
    }

    private void bind(byte[] bytes, int body, int end) {
        String portal = Wire.text(bytes, body);
        int statement = Wire.textEnd(bytes, body) + 1;
        int values = Wire.textEnd(bytes, statement) + 1;
        Meaning meaning = prepared.get(Wire.text(bytes, statement)).bound(bytes, values);
        portals.put(portal, meaning);
        cursors |= !portal.isEmpty();
        openUnit();
        if (lacksSavepoint(meaning.control())) {
            flight.command(Command.SAVEPOINT);
        }
        flight.asides(upkeep.before(meaning, flight.planned()));
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
        if (bytes[body] == 'S') {
            prepared.close(Wire.text(bytes, body + 1));
        } else {
            portals.remove(Wire.text(bytes, body + 1));
        }
        names.writeMessage(toServer(), 'C', bytes, body, body + 1, end);
        flight.expect(Expected.CLOSE);
    }

    private void execute(byte[] bytes, int body, int end) {
        Meaning meaning = portals.getOrDefault(Wire.text(bytes, body), Meaning.PLAIN);
        openUnit();
        var instead = instead(meaning);
        if (instead == null) {
            names.writeMessage(toServer(), 'E', bytes, body, body, end);
            flight.expect(Expected.EXECUTE.then(upkeep.done(meaning.traits())));
            flight.asides(upkeep.after(meaning.traits()));
            copy = meaning.traits().takesData() ? Copy.EXTENDED : copy;
        } else {
            flight.asides(closing(instead));
            flight.instead(instead);
        }
    }

    private void query(String sql) {
        simple.take(sql);
        openUnitSimply();
        if (simple.several()) {
            simple.probe();
        } else {
            goesOn();
        }
    }

    /** Writes what comes next of a simple query, now that what it has begun with has succeeded; false where it is whole. */
    boolean goesOn() {
        simple.probed(answers.probed());
        simple.asides(owed);
        owed = List.of();
        SimpleQuery.Part part = simple.next();
        if (part != null) {
            part(part);
        } else if (simple.open()) {
            simple.tail(unitEnd());
        }
        return toServer().length() > 0;
    }

    private void part(SimpleQuery.Part part) {
        var meaning = new Meaning(part.control(), Traits.together(part.sql()));
        note(meaning.control());
        openUnitSimply();
        if (lacksSavepoint(meaning.control())) {
            simple.asides(List.of(Command.SAVEPOINT.aside()));
        }
        simple.asides(upkeep.before(meaning, flight.planned()));
        var instead = instead(meaning);
        if (instead != null) {
            simple.instead(closing(instead), instead);
            endSimply();
            return;
        }
        simple.statement(upkeep.text(meaning.traits(), part.sql()), upkeep.done(meaning.traits()));
        owed = upkeep.after(meaning.traits());
        if (meaning.traits().takesData()) {
            copy = Copy.SIMPLE;
        } else {
            endSimply();
        }
    }

    /** What goes behind a simple query that is whole, in the same flight. */
    private void endSimply() {
        if (simple.open()) {
            return;
        }
        List<Aside> asides = Stream.concat(owed.stream(), unitEnd().stream()).toList();
        owed = List.of();
        if (!asides.isEmpty()) {
            simple.tail(asides);
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
            endSimply();
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
        if (flight.planned().phase() != Phase.IMPLICIT) {
            return List.of();
        }
        List<Aside> closing = upkeep.closing(false);
        return cursors
                ? Stream.concat(Stream.of(Command.CLOSE_CURSORS.aside()), closing.stream())
                        .toList()
                : closing;
    }

    private List<Aside> closing(Instead instead) {
        return instead.effect().keeps() ? upkeep.closing(instead.effect() == Effect.UNIT_CHAINED) : List.of();
    }

    private void note(Control control) {
        if (control.taints()) {
            sandbox.taint();
        }
    }

    private @Nullable Instead instead(Meaning meaning) {
        Control control = meaning.control();
        String test = sandbox.tenant().name();
        boolean failed = flight.planned().phase() == Phase.FAILED;
        var own = failed ? null : upkeep.instead(meaning.traits(), flight.planned(), test);
        if (own != null) {
            if (own.tag().equals("DISCARD ALL")) {
                forgetStatements();
            }
            return own;
        }
        if (inImplicitBlock() && control.contentWithImplicitBlock()) {
            cursors = control.cursorsAfter(cursors);
            return null;
        }
        var instead = Instead.of(control, flight.planned(), cursors, block.readOnly(failed), test);
        cursors = control.cursorsAfter(cursors);
        pipelined = control.pipelinedAfter(pipelined);
        block.note(control, failed);
        if (control.chains()) {
            upkeep.chains();
        }
        if (instead != null && control.kind() == Kind.DEALLOCATE_ALL) {
            forgetStatements();
        }
        return instead == null ? null : instead.beginning(upkeep.beginning());
    }

    private void forgetStatements() {
        flight.closeStatements(statementNames());
        prepared.closeAll();
    }

    /** Several statements without a block of the application's are one: of a simple query, or before a {@code Sync}. */
    private boolean inImplicitBlock() {
        return (simple.several() || pipelined) && flight.planned().phase() == Phase.IMPLICIT;
    }

    private boolean lacksSavepoint(Control control) {
        return control.needsSavepoint()
                && (flight.planned().phase() == Phase.EXPLICIT || inImplicitBlock())
                && !flight.planned().savepoint();
    }
}
