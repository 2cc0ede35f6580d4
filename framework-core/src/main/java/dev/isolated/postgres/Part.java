package dev.isolated.postgres;

import dev.isolated.postgres.SqlScanner.Statement;
import java.util.List;

/** What the application has sent as one message, or a statement of it, and what that means. Immutable. */
record Part(Control control, Traits traits, String sql) {

    static final Part NOTHING = new Part(Control.PLAIN, Traits.NONE, "");

    /** One statement. */
    static Part of(String sql) {
        return new Part(Control.of(sql), Traits.of(sql), sql);
    }

    /** What a text of any number of statements consists of; statements that need nothing of the sandbox stay together. */
    static List<Part> all(String sql) {
        List<Part> parts = SqlScanner.statements(sql).stream()
                .map(statement -> new Part(Control.of(statement.sql()), Traits.of(statement.sql()), inPlace(statement)))
                .toList();
        if (parts.size() == 1) {
            return List.of(new Part(parts.get(0).control(), parts.get(0).traits(), sql));
        }
        return parts.stream().allMatch(Part::plain)
                ? List.of(new Part(
                        Control.together(parts.stream().map(Part::control)),
                        Traits.together(parts.stream().map(Part::traits)),
                        sql))
                : parts;
    }

    /** Whether the server has it as it is, wherever it stands. */
    private boolean plain() {
        return control.plain() && !traits.standsAlone();
    }

    /** Behind as much as stood before it, for the server's messages say where in the text an error is. */
    private static String inPlace(Statement statement) {
        return " ".repeat(statement.start()) + statement.sql();
    }

    /** The same with what a {@code Bind} message says, whose parameters begin at {@code at}. */
    Part bound(byte[] bytes, int at) {
        return traits.none() ? this : new Part(control, traits.bound(bytes, at), sql);
    }
}
