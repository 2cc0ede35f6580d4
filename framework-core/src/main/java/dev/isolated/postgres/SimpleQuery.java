package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The simple protocol: one message, any number of statements. What the sandbox puts ahead of such a message is a simple
 * query too, because the server would discard anything else that followed an error without a {@code Sync}. Guarded by its
 * session.
 */
final class SimpleQuery {

    private final Flight flight;

    SimpleQuery(Flight flight) {
        this.flight = flight;
    }

    /** What the text means as a whole; control among other statements cannot be taken out of it. */
    static Control control(String sql) {
        List<Control> controls =
                SqlScanner.statements(sql).stream().map(Control::of).toList();
        if (controls.size() == 1) {
            return controls.get(0);
        }
        boolean plain = controls.stream().allMatch(control -> control.kind() == Kind.PLAIN);
        boolean taints = controls.stream().anyMatch(Control::taints);
        return plain ? Control.plain(taints) : Control.mixed(taints);
    }

    /** Opens an autocommit unit unless one is open. */
    void openUnit() {
        if (flight.planned().closed()) {
            commands(flight.planned().opening());
            flight.expect(Expected.UNIT_OPENED);
        }
    }

    void commands(List<Command> commands) {
        if (!commands.isEmpty()) {
            Wire.query(flight.messages(), commands.stream().map(Command::sql).collect(Collectors.joining("; ")));
            flight.expect(Expected.hiddenQuery(commands));
        }
    }

    /** What is done when the text is transaction control; an empty query where only the answer matters. */
    void instead(Instead instead) {
        commands(instead.commands());
        Wire.query(flight.messages(), String.join("; ", instead.sql()));
        flight.expect(new Expected(Expected.Kind.QUERY, false, List.of(instead.effect()), instead.tag()));
    }
}
