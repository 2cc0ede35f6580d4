package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.postgres.SimpleQuery.Part;
import dev.isolated.postgres.Standing.Phase;
import java.util.ArrayList;
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

    private final Sandbox sandbox;
    private final Answers answers;
    private final int number;
    private final Block block = new Block();
    private final Names names;
    private final Flight flight;
    private final SimpleQuery simple;
    private final Prepared prepared = new Prepared();
    private final Map<String, Part> portals = new HashMap<>();
    private boolean cursors;
    private boolean pipelined;

    Translator(Sandbox sandbox, Answers answers, int number) {
        this.sandbox = sandbox;
        this.answers = answers;
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
        simple.begin();
        prepared.settle(answers.succeeded());
        if (confirmed.closed()) {
            cursors = false;
            block.begin();
        }
        pipelined = false;
        for (int count = sandbox.open().closeAbandoned(toServer()); count > 0; count--) {
            flight.expect(Expected.HIDDEN_CLOSE);
        }
    }

    /** What has been said in the session's open transaction block. */
    Block block() {
        return block;
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
                simple.openUnit();
                flight.unchanged(type, bytes, body, end, Expected.FUNCTION);
            }
            case 'S' -> {
                tail().forEach(flight::unseen);
                flight.unchanged(type, bytes, body, end, Expected.SYNC);
            }
            default -> flight.unanswered(type, bytes, body, end);
        }
    }

    private void parse(byte[] bytes, int body, int end) {
        String sql = Wire.text(bytes, Wire.textEnd(bytes, body) + 1);
        Control control = Control.of(sql);
        note(sql, control);
        prepared.put(Wire.text(bytes, body), new Part(control, sql));
        flight.openUnit();
        names.writeMessage(toServer(), 'P', bytes, body, body, end);
        flight.expect(Expected.PARSE);
    }

    private void bind(byte[] bytes, int body, int end) {
        String portal = Wire.text(bytes, body);
        int statement = Wire.textEnd(bytes, body) + 1;
        Part bound = prepared.get(Wire.text(bytes, statement));
        portals.put(portal, bound);
        cursors |= !portal.isEmpty();
        flight.openUnit();
        if (lacksSavepoint(bound.control())) {
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
        if (bytes[body] == 'S') {
            prepared.close(Wire.text(bytes, body + 1));
        } else {
            portals.remove(Wire.text(bytes, body + 1));
        }
        names.writeMessage(toServer(), 'C', bytes, body, body + 1, end);
        flight.expect(Expected.CLOSE);
    }

    private void execute(byte[] bytes, int body, int end) {
        Part bound = portals.getOrDefault(Wire.text(bytes, body), Part.NOTHING);
        sandbox.history().begun(number, bound.sql());
        flight.openUnit();
        var instead = instead(bound.control());
        if (instead == null) {
            names.writeMessage(toServer(), 'E', bytes, body, body, end);
            flight.expect(Expected.EXECUTE);
        } else {
            flight.instead(instead);
        }
    }

    private void query(String sql) {
        simple.take(sql, sandbox.overlap().stacked());
        simple.openUnit();
        if (simple.several()) {
            simple.probe();
        } else {
            goesOn();
        }
    }

    /** Writes what comes next of a simple query, now that what it has begun with has succeeded; false where it is whole. */
    boolean goesOn() {
        simple.probed(answers.probed());
        Part part = simple.next();
        if (part != null) {
            part(part);
        } else if (simple.open()) {
            simple.tail(String.join("; ", tail()));
        }
        return toServer().length() > 0;
    }

    private void part(Part part) {
        Control control = part.control();
        sandbox.history().begun(number, part.sql());
        note(part.sql(), control);
        simple.openUnit();
        if (lacksSavepoint(control)) {
            simple.commands(List.of(Command.SAVEPOINT));
        }
        var instead = instead(control);
        if (instead == null) {
            simple.statement(part);
        } else {
            simple.instead(instead);
        }
    }

    /** What is to be done at the end of an exchange: cursors of an implicit block end, and overlaps are looked into. */
    private List<String> tail() {
        var tail = new ArrayList<String>();
        if (cursors && flight.planned().phase() == Phase.IMPLICIT) {
            tail.add(Cursors.closing(sandbox.overlap().cursors()));
        }
        if (sandbox.overlap().stacked() && flight.planned().lasts()) {
            tail.add(sandbox.overlap().check());
        }
        return tail;
    }

    private void note(String sql, Control control) {
        if (control.taints()) {
            sandbox.taint();
        }
        if (Footprint.locksRows(sql)) {
            sandbox.overlap().noteRowLocks();
        }
    }

    private @Nullable Instead instead(Control control) {
        String test = sandbox.tenant().name();
        boolean failed = flight.planned().phase() == Phase.FAILED;
        String objection = failed ? "" : sandbox.overlap().objection(control);
        if (!objection.isEmpty()) {
            return Instead.refused(flight.planned(), objection);
        }
        if (inImplicitBlock() && control.contentWithImplicitBlock()) {
            cursors = control.cursorsAfter(cursors);
            block.note(control, failed);
            return null;
        }
        if (block.undoesCarried(control, failed)) {
            return undoesCarried();
        }
        if (sandbox.overlap().stacked() && control.returnsTo() && !block.knows(control.savepoint())) {
            return Instead.noSavepoint(control);
        }
        var instead = Instead.of(control, flight.planned(), cursors, block.readOnly(failed), test);
        if (instead != null) {
            instead = instead.ending(
                    control.undoes(failed) && block.oldCursors(),
                    sandbox.overlap().cursors());
        }
        cursors = control.cursorsAfter(cursors);
        pipelined = control.pipelinedAfter(pipelined);
        block.note(control, failed);
        if (instead != null && control.kind() == Kind.DEALLOCATE_ALL) {
            flight.closeStatements(statementNames());
            prepared.closeAll();
        }
        return instead;
    }

    /** What cannot be undone alone is not undone at all, and the sandbox says so from now on. */
    private Instead undoesCarried() {
        String reason = OverlapMessages.undoes(sandbox, block);
        sandbox.giveUp(reason);
        return Instead.refused(flight.planned(), reason);
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
