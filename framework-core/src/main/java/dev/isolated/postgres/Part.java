package dev.isolated.postgres;

import dev.isolated.postgres.SqlScanner.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What the application has sent as one message, or a statement of it, and what that means. Immutable.
 *
 * @param locksRows whether it may lock rows without writing them
 * @param start how many characters stand before it in the message
 */
record Part(Control control, Traits traits, boolean locksRows, String sql, int start) {

    static final Part NOTHING = plain("");

    /** What goes to the server as it is. */
    static Part plain(String sql) {
        return new Part(Control.PLAIN, Traits.NONE, false, sql, 0);
    }

    /**
     * One statement.
     *
     * @param conforming whether backslashes in plain strings mean nothing
     */
    static Part of(String sql, boolean conforming) {
        return of(sql, 0, conforming);
    }

    private static Part of(String sql, int start, boolean conforming) {
        String read = conforming ? sql : SqlScanner.conforming(sql);
        return new Part(Control.of(read), Traits.of(read), Footprint.locksRows(sql), sql, start);
    }

    /** What a text of any number of statements consists of; statements that need nothing of the sandbox stay together. */
    static List<Part> all(String sql, boolean conforming) {
        List<Part> parts = each(sql, conforming);
        if (parts.size() == 1) {
            return List.of(parts.get(0).whole(sql));
        }
        return parts.stream().allMatch(Part::plain)
                ? List.of(new Part(
                        Control.together(parts.stream().map(Part::control)),
                        Traits.together(parts.stream().map(Part::traits)),
                        parts.stream().anyMatch(Part::locksRows),
                        sql,
                        0))
                : parts;
    }

    /** The same for all of the text that it is the only statement of. */
    private Part whole(String text) {
        return new Part(control, traits, locksRows, text, 0);
    }

    private static List<Part> each(String sql, boolean conforming) {
        var parts = new ArrayList<Part>();
        int start = 0;
        int counted = 0;
        for (Statement statement : SqlScanner.statements(sql, conforming)) {
            start += sql.codePointCount(counted, statement.start());
            counted = statement.start();
            parts.add(of(statement.sql(), start, conforming));
        }
        return parts;
    }

    /** Whether the server has it as it is, wherever it stands. */
    private boolean plain() {
        return control.plain() && !traits.standsAlone();
    }

    /** The same with what a {@code Bind} message says, whose parameters begin at {@code at}. */
    Part bound(byte[] bytes, int at) {
        return traits.none() ? this : new Part(control, traits.bound(bytes, at), locksRows, sql, start);
    }
}
