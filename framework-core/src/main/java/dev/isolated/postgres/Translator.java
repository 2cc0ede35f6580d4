package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.postgres.SimpleQuery.Part;
import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import java.util.ArrayList;
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
    private final Upkeep upkeep;
    private final int number;
    private Block block = new Block();
    private Block planned = block;
    private final Names names;
    private final Flight flight;
    private final SimpleQuery simple;
    private final Prepared prepared = new Prepared();
    private final Map<String, Part> portals = new HashMap<>();
    private boolean cursors;
    private boolean pipelined;
    private List<Interjection> owed = List.of();
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
            block = new Block();
        }
        planned = block;
        pipelined = false;
        owed = List.of();
        copy = Copy.NONE;
        for (int count = sandbox.open().closeAbandoned(toServer()); count > 0; count--) {
            flight.expect(Expected.HIDDEN_CLOSE);
        }
    }

    /** What has been said, and done, in the session's open transaction block. */
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
        Part part = Part.of(Wire.text(bytes, text));
        note(part.sql(), part.control());
        prepared.put(Wire.text(bytes, body), part);
        openUnit();
        toServer().begin('P');
        names.write(toServer(), bytes, body);
        toServer().text(upkeep.text(part)).raw(bytes, types, end).end();
        flight.expect(Expected.PARSE);
    }

    private void bind(byte[] bytes, int body, int end) {
        String portal = Wire.text(bytes, body);
        int statement = Wire.textEnd(bytes, body) + 1;
        int values = Wire.textEnd(bytes, statement) + 1;
        Part bound = prepared.get(Wire.text(bytes, statement)).bound(bytes, values);
        portals.put(portal, bound);
        cursors |= !portal.isEmpty();
        openUnit();
        if (lacksSavepoint(bound.control())) {
            flight.command(Command.SAVEPOINT);
        }
        flight.interject(upkeep.before(bound, flight.planned()));
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
        Part bound = portals.getOrDefault(Wire.text(bytes, body), Part.NOTHING);
        sandbox.history().begun(number, bound.sql());
        openUnit();
        var instead = instead(bound);
        if (instead == null) {
            names.writeMessage(toServer(), 'E', bytes, body, body, end);
            flight.expect(Expected.EXECUTE.then(upkeep.done(bound.traits())).then(confirming()));
            flight.interject(upkeep.after(bound.traits()));
            copy = bound.traits().takesData() ? Copy.EXTENDED : copy;
        } else {
            flight.interject(closing(instead));
            flight.instead(instead, confirming());
        }
    }

    private void query(String sql) {
        simple.take(sql, sandbox.overlap().stacked());
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
        simple.interject(owed);
        owed = List.of();
        Part part = simple.next();
        if (part != null) {
            part(part);
        } else if (simple.open()) {
            simple.tail(tail());
        }
        return toServer().length() > 0;
    }

    private void part(Part part) {
        Control control = part.control();
        sandbox.history().begun(number, part.sql());
        note(part.sql(), control);
        openUnitSimply();
        if (lacksSavepoint(control)) {
            simple.interject(List.of(Command.SAVEPOINT.interjection()));
        }
        simple.interject(upkeep.before(part, flight.planned()));
        var instead = instead(part);
        if (instead != null) {
            simple.instead(closing(instead), instead, confirming());
            endSimply();
            return;
        }
        simple.statement(upkeep.text(part), upkeep.done(part.traits()), confirming());
        owed = upkeep.after(part.traits());
        if (part.traits().takesData()) {
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
        List<Interjection> interjections =
                Stream.concat(owed.stream(), unitEnd().stream()).toList();
        owed = List.of();
        if (!interjections.isEmpty()) {
            simple.tail(interjections);
        }
    }

    /** The driver's {@code Sync} ends an autocommit unit, unless it is one that the server ignores in the midst of a copy. */
    private void sync(byte[] bytes, int body, int end) {
        if (copy == Copy.NONE) {
            flight.interject(unitEnd());
            overlapCheck().forEach(flight::unseen);
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
            flight.interject(upkeep.opening(flight.planned()));
            flight.expect(Expected.UNIT_OPENED);
        }
    }

    /** The same in the simple protocol. */
    private void openUnitSimply() {
        if (flight.planned().closed()) {
            simple.interject(upkeep.opening(flight.planned()));
            flight.expect(Expected.UNIT_OPENED);
        }
    }

    /** What is said before an autocommit unit is kept. */
    private List<Interjection> unitEnd() {
        if (flight.planned().phase() != Phase.IMPLICIT) {
            return List.of();
        }
        var end = new ArrayList<Interjection>();
        if (cursors) {
            end.add(closeCursors());
        }
        end.addAll(upkeep.closing(false, closeCursors()));
        return end;
    }

    private List<Interjection> closing(Instead instead) {
        return instead.effect().keeps()
                ? upkeep.closing(instead.effect() == Effect.UNIT_CHAINED, closeCursors())
                : List.of();
    }

    private Interjection closeCursors() {
        return Interjection.sql(Cursors.closing(sandbox.overlap().cursors()));
    }

    /** What is to be done at the end of an exchange: an autocommit unit ends, and overlaps are looked into. */
    private List<Interjection> tail() {
        return Stream.concat(unitEnd().stream(), overlapCheck().stream().map(Interjection::sql))
                .toList();
    }

    private List<String> overlapCheck() {
        return sandbox.overlap().stacked() && flight.planned().lasts()
                ? List.of(sandbox.overlap().check())
                : List.of();
    }

    private void note(String sql, Control control) {
        if (control.taints()) {
            sandbox.taint();
        }
        if (Footprint.locksRows(sql)) {
            sandbox.overlap().noteRowLocks();
        }
    }

    private @Nullable Instead instead(Part part) {
        Control control = part.control();
        String test = sandbox.tenant().name();
        boolean failed = flight.planned().phase() == Phase.FAILED;
        String objection = failed ? "" : sandbox.overlap().objection(part);
        if (!objection.isEmpty()) {
            return Instead.refused(flight.planned(), objection);
        }
        var own = failed ? null : upkeep.instead(part.traits(), flight.planned(), test);
        if (own != null) {
            if (own.tag().equals("DISCARD ALL")) {
                forgetStatements();
            }
            return own;
        }
        if (inImplicitBlock() && control.contentWithImplicitBlock()) {
            cursors = control.cursorsAfter(cursors);
            plan(control, failed);
            return null;
        }
        if (planned.undoesCarried(control, failed)) {
            return undoesCarried();
        }
        if (sandbox.overlap().stacked() && control.returnsTo() && !planned.knows(control.savepoint())) {
            return Instead.noSavepoint(control);
        }
        var instead = Instead.of(control, flight.planned(), cursors, planned.chainsReadOnly(control, failed), test);
        if (instead != null) {
            instead = instead.ending(
                    control.undoes(failed) && planned.oldCursors(),
                    sandbox.overlap().cursors());
        }
        cursors = control.cursorsAfter(cursors);
        pipelined = control.pipelinedAfter(pipelined);
        plan(control, failed);
        if (control.chains()) {
            upkeep.chains(!control.undoes(failed));
        }
        if (instead != null && control.kind() == Kind.DEALLOCATE_ALL) {
            forgetStatements();
        }
        return instead == null ? null : instead.beginning(upkeep.beginning());
    }

    /** What a statement will have said of its block once it has succeeded, as those that are sent behind it presume. */
    private void plan(Control control, boolean failed) {
        if (!control.equals(Control.PLAIN)) {
            planned = planned.copy();
            planned.note(control, failed);
        }
    }

    /** That everything so far has succeeded. */
    private Runnable confirming() {
        Block confirmed = planned;
        return confirmed == block ? Expected.NOTHING : () -> block = confirmed;
    }

    private void forgetStatements() {
        flight.closeStatements(statementNames());
        prepared.closeAll();
    }

    /** What cannot be undone alone is not undone at all, and the sandbox says so from now on. */
    private Instead undoesCarried() {
        String reason = OverlapMessages.undoes(sandbox, planned);
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
