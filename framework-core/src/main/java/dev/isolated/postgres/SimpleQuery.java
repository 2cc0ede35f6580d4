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

    /** Says things unseen, ahead of a message of the application's. */
    void asides(List<Aside> asides) {
        query(Expected.Kind.QUERY, asides);
    }

    /** The same behind such a message, which is complete when they are. */
    void tail(List<Aside> asides) {
        query(Expected.Kind.TAIL, asides);
    }

    private void query(Expected.Kind kind, List<Aside> asides) {
        if (!asides.isEmpty()) {
            Wire.query(flight.messages(), sql(asides));
            flight.expect(Expected.hiddenQuery(kind, asides));
        }
    }

    /**
     * What is done when the text is transaction control; an empty query where only the answer matters.
     *
     * @param closing what is said before a unit is kept
     */
    void instead(List<Aside> closing, Instead instead) {
        asides(instead.commands().stream().map(Command::aside).toList());
        String sql = String.join("; ", instead.sql());
        Wire.query(flight.messages(), closing.isEmpty() ? sql : sql(closing) + ";" + sql);
        flight.expect(new Expected(
                Expected.Kind.QUERY, false, List.of(instead.effect()), instead.tag(), Expected.all(closing)));
    }

    private static String sql(List<Aside> asides) {
        return asides.stream().map(Aside::sql).filter(sql -> !sql.isEmpty()).collect(Collectors.joining("; "));
    }
}
