package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns the messages of one session into those for the physical connection: opens units ahead of them, puts the
 * session's number before the names of statements and portals, and replaces transaction control when it is executed. What
 * is decided here is decided before earlier answers are in; {@code planned} is how the transaction will stand if all goes
 * well, and is taken anew from what the server has confirmed whenever the session gets the wire. Guarded by its session.
 */
final class Translator {

    private static final String NOT_IN_TRANSACTION = "25P01";
    private static final String IN_TRANSACTION = "25001";
    private static final String UNSUPPORTED = "0A000";
    private static final String BLOCKS_ONLY = " can only be used in transaction blocks";
    private static final String REFUSED = "REFUSED";

    private final Sandbox sandbox;
    private final Answers answers;
    private final byte[] prefix;
    private final WireWriter toServer = new WireWriter();
    private final Map<String, Control> statements = new HashMap<>();
    private final Map<String, Control> portals = new HashMap<>();
    private boolean cursors;
    private Standing planned = Standing.UNTOUCHED;

    Translator(Sandbox sandbox, Answers answers, int number) {
        this.sandbox = sandbox;
        this.answers = answers;
        prefix = (number + ".").getBytes(StandardCharsets.US_ASCII);
    }

    /** What is to be sent. */
    WireWriter toServer() {
        return toServer;
    }

    /** The session has got the wire. */
    void begin() {
        toServer.clear();
        planned = sandbox.standing();
        cursors &= !planned.closed();
        for (int count = sandbox.closeAbandoned(toServer); count > 0; count--) {
            answers.expect(Expected.HIDDEN_CLOSE);
        }
    }

    /** The names, on the server, of the statements that the session has prepared. */
    List<String> statementNames() {
        return statements.keySet().stream()
                .filter(name -> !name.isEmpty())
                .map(this::onServer)
                .toList();
    }

    void translate(char type, byte[] bytes, int body, int end) {
        switch (type) {
            case 'P' -> parse(bytes, body, end);
            case 'B' -> bind(bytes, body, end);
            case 'D' -> {
                openUnit();
                renamed('D', bytes, body, end);
                answers.expect(Expected.DESCRIBE);
            }
            case 'C' -> {
                (bytes[body] == 'S' ? statements : portals).remove(Wire.text(bytes, body + 1));
                renamed('C', bytes, body, end);
                answers.expect(Expected.CLOSE);
            }
            case 'E' -> execute(bytes, body, end);
            case 'Q' -> query(bytes, body, end);
            case 'F' -> {
                openUnitAheadOfQuery();
                unchanged('F', bytes, body, end);
                answers.expect(Expected.FUNCTION);
            }
            case 'S' -> {
                unchanged('S', bytes, body, end);
                answers.expect(Expected.SYNC);
            }
            default -> unchanged(type, bytes, body, end);
        }
    }

    private void parse(byte[] bytes, int body, int end) {
        String name = Wire.text(bytes, body);
        int sql = Wire.textEnd(bytes, body) + 1;
        statements.put(name, control(Wire.text(bytes, sql)));
        openUnit();
        toServer.begin('P');
        name(bytes, body);
        toServer.raw(bytes, sql, end).end();
        answers.expect(Expected.PARSE);
    }

    private void bind(byte[] bytes, int body, int end) {
        String portal = Wire.text(bytes, body);
        int statement = Wire.textEnd(bytes, body) + 1;
        int rest = Wire.textEnd(bytes, statement) + 1;
        Control control = statements.getOrDefault(Wire.text(bytes, statement), Control.PLAIN);
        portals.put(portal, control);
        cursors |= !portal.isEmpty();
        openUnit();
        if (lacksSavepoint(control)) {
            command(Command.SAVEPOINT);
        }
        toServer.begin('B');
        name(bytes, body);
        name(bytes, statement);
        toServer.raw(bytes, rest, end).end();
        answers.expect(Expected.BIND);
    }

    private void execute(byte[] bytes, int body, int end) {
        Control control = portals.getOrDefault(Wire.text(bytes, body), Control.PLAIN);
        openUnit();
        var instead = instead(control);
        if (instead == null) {
            renamed('E', bytes, body, end);
            answers.expect(Expected.EXECUTE);
        } else {
            instead.commands.forEach(this::command);
            instead.sql.forEach(sql -> raised(sql, instead));
            if (instead.sql.isEmpty()) {
                plan(Expected.synthetic(instead.effect, instead.tag));
            }
        }
    }

    /** The simple protocol: one message, any number of statements. */
    private void query(byte[] bytes, int body, int end) {
        String sql = Wire.text(bytes, body);
        Control control = ofWhole(sql);
        openUnitAheadOfQuery();
        if (lacksSavepoint(control)) {
            commandsAsQuery(List.of(Command.SAVEPOINT));
        }
        var instead = instead(control);
        if (instead == null) {
            unchanged('Q', bytes, body, end);
            answers.expect(Expected.QUERY);
            return;
        }
        if (!instead.commands.isEmpty()) {
            commandsAsQuery(instead.commands);
        }
        Wire.query(toServer, String.join("; ", instead.sql));
        plan(new Expected(Expected.Kind.QUERY, false, List.of(instead.effect), instead.tag));
    }

    /** What is done in place of transaction control: commands, then either a statement or an answer of our own. */
    private record Instead(List<Command> commands, List<String> sql, Effect effect, String tag) {

        static Instead answered(Effect effect, String tag, Command... commands) {
            return new Instead(List.of(commands), List.of(), effect, tag);
        }

        static Instead raised(String sql, String tag) {
            return new Instead(List.of(), List.of(sql), Effect.NONE, tag);
        }
    }

    private @Nullable Instead instead(Control control) {
        boolean implicit = planned.phase() == Phase.IMPLICIT;
        boolean failed = planned.phase() == Phase.FAILED;
        return switch (control.kind()) {
            case PLAIN -> null;
            case SET_TRANSACTION -> implicit ? ignored(control) : failed ? null : setTransaction(control);
            case BLOCK_LOCAL -> implicit ? ignored(control) : null;
            case CURSOR -> {
                cursors = true;
                yield null;
            }
            case DECLARE -> {
                cursors = true;
                yield implicit ? outsideBlock(control) : null;
            }
            case BEGIN -> implicit ? begin(control) : failed ? null : inTransactionAlready(control);
            case COMMIT -> implicit ? noTransaction(control) : failed ? undo() : commit(control);
            case ROLLBACK -> implicit ? noTransaction(control) : undo();
            case SAVEPOINT, BLOCK_ONLY -> implicit ? outsideBlock(control) : null;
            case DEALLOCATE_ALL -> failed ? null : deallocateAll(control);
            case REFUSED ->
                failed
                        ? null
                        : refused(
                                UNSUPPORTED,
                                control.what() + " is not possible in TRANSACTION isolation, in "
                                        + sandbox.tenant().name(),
                                "The sandbox's transaction is never committed. Use DATABASE isolation for this test.");
        };
    }

    private Instead begin(Control control) {
        if (!control.readOnly()) {
            return Instead.answered(Effect.UNIT_BEGUN, control.tag());
        }
        return planned.savepoint()
                ? Instead.answered(Effect.UNIT_BEGUN, control.tag(), Command.READ_ONLY)
                : Instead.answered(Effect.UNIT_BEGUN, control.tag(), Command.SAVEPOINT, Command.READ_ONLY);
    }

    /** As in production, cursors end with their transaction. */
    private Instead commit(Control control) {
        boolean had = cursors;
        cursors = false;
        return had
                ? Instead.answered(Effect.UNIT_KEPT, control.tag(), Command.CLOSE_CURSORS)
                : Instead.answered(Effect.UNIT_KEPT, control.tag());
    }

    private Instead undo() {
        cursors = false;
        return Instead.answered(Effect.NONE, "ROLLBACK", planned.undoing());
    }

    private static Instead inTransactionAlready(Control control) {
        return Instead.raised(
                Refusal.warning(IN_TRANSACTION, "there is already a transaction in progress"), control.tag());
    }

    /** Outside of a transaction block, with a warning, it ends what has been done since the last {@code Sync}. */
    private Instead noTransaction(Control control) {
        Instead end = control.kind() == Kind.COMMIT ? commit(control) : undo();
        String warning = Refusal.warning(NOT_IN_TRANSACTION, "there is no transaction in progress");
        return new Instead(end.commands, List.of(warning), end.effect, end.tag);
    }

    private static Instead ignored(Control control) {
        return Instead.raised(
                Refusal.warning(NOT_IN_TRANSACTION, control.what() + BLOCKS_ONLY),
                control.tag().isEmpty() ? "SET" : control.tag());
    }

    private static Instead outsideBlock(Control control) {
        return refused(NOT_IN_TRANSACTION, control.what() + BLOCKS_ONLY, "");
    }

    /** READ UNCOMMITTED is what the transaction is already at, but the server accepts no level beneath a savepoint. */
    private static @Nullable Instead setTransaction(Control control) {
        if (control.tag().isEmpty()) {
            return null;
        }
        return control.readOnly()
                ? Instead.answered(Effect.NONE, control.tag(), Command.READ_ONLY)
                : Instead.answered(Effect.NONE, control.tag());
    }

    private Instead deallocateAll(Control control) {
        closeStatements();
        return Instead.answered(Effect.NONE, control.tag());
    }

    private static Instead refused(String sqlState, String message, String hint) {
        return Instead.raised(Refusal.raising(sqlState, message, hint), REFUSED);
    }

    private Control control(String sql) {
        Control control = Control.of(sql);
        if (control.taints()) {
            sandbox.taint();
        }
        return control;
    }

    private Control ofWhole(String sql) {
        List<Control> controls =
                SqlScanner.statements(sql).stream().map(this::control).toList();
        if (controls.size() == 1) {
            return controls.get(0);
        }
        return controls.stream().allMatch(control -> control.kind() == Kind.PLAIN) ? Control.PLAIN : Control.mixed();
    }

    private boolean lacksSavepoint(Control control) {
        return (control.kind() == Kind.SAVEPOINT || control.kind() == Kind.SET_TRANSACTION)
                && planned.phase() == Phase.EXPLICIT
                && !planned.savepoint();
    }

    /** Opens an autocommit unit unless one is open; the driver's {@code BEGIN} will make it the application's. */
    private void openUnit() {
        if (planned.closed()) {
            planned.opening().forEach(this::command);
            plan(Expected.UNIT_OPENED);
        }
    }

    /** The same ahead of a simple query, which the server would discard if it followed an error without a {@code Sync}. */
    private void openUnitAheadOfQuery() {
        if (planned.closed()) {
            List<Command> opening = planned.opening();
            if (!opening.isEmpty()) {
                commandsAsQuery(opening);
            }
            plan(Expected.UNIT_OPENED);
        }
    }

    private void command(Command command) {
        command.execute(toServer);
        answers.expect(Expected.HIDDEN_BIND);
        plan(Expected.hidden(command));
    }

    private void commandsAsQuery(List<Command> commands) {
        Wire.query(toServer, commands.stream().map(Command::sql).collect(Collectors.joining("; ")));
        plan(Expected.hiddenQuery(commands));
    }

    /** A statement in the application's place whose outcome the application sees. */
    private void raised(String sql, Instead instead) {
        toServer.begin('P').text("").text(sql).int16(0).end();
        toServer.begin('B').text("").text("").int16(0).int16(0).int16(0).end();
        toServer.begin('E').text("").int32(0).end();
        answers.expect(Expected.HIDDEN_PARSE);
        answers.expect(Expected.HIDDEN_BIND);
        plan(Expected.execution(instead.effect, instead.tag));
    }

    private void plan(Expected answer) {
        answers.expect(answer);
        answer.effects().forEach(effect -> planned = planned.after(effect));
    }

    private void closeStatements() {
        for (String name : statementNames()) {
            Wire.closeStatement(toServer, name);
            answers.expect(Expected.HIDDEN_CLOSE);
        }
        statements.keySet().removeIf(name -> !name.isEmpty());
    }

    private String onServer(String name) {
        return new String(prefix, StandardCharsets.US_ASCII) + name;
    }

    private void unchanged(char type, byte[] bytes, int body, int end) {
        toServer.begin(type).raw(bytes, body, end).end();
    }

    /** A message that begins with a name, or with a kind and a name. */
    private void renamed(char type, byte[] bytes, int body, int end) {
        toServer.begin(type);
        int name = body;
        if (type != 'E') {
            toServer.octet(bytes[name++]);
        }
        name(bytes, name);
        toServer.raw(bytes, Wire.textEnd(bytes, name) + 1, end).end();
    }

    /** The unnamed statement and portal live no longer than an exchange and are shared. */
    private void name(byte[] bytes, int from) {
        int end = Wire.textEnd(bytes, from);
        if (end > from) {
            toServer.raw(prefix, 0, prefix.length);
        }
        toServer.raw(bytes, from, end + 1);
    }
}
