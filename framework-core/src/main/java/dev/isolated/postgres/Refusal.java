package dev.isolated.postgres;

import java.sql.SQLException;

/** An error that the sandbox answers in the server's place. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final String sqlState;
    private final String hint;

    Refusal(String sqlState, String message, String hint) {
        super(message, null, false, false);
        this.sqlState = sqlState;
        this.hint = hint;
    }

    /** Writes it as the protocol's {@code ErrorResponse}. */
    void write(WireWriter out, String severity) {
        out.begin('E')
                .octet('S')
                .text(severity)
                .octet('V')
                .text(severity)
                .octet('C')
                .text(sqlState)
                .octet('M')
                .text(String.valueOf(getMessage()));
        if (!hint.isEmpty()) {
            out.octet('H').text(hint);
        }
        out.octet(0).end();
    }

    /** The same for whoever asks the library and not the server. */
    SQLException asSqlException() {
        String message = String.valueOf(getMessage());
        return new SQLException(hint.isEmpty() ? message : message + "\n  Hint: " + hint, sqlState);
    }

    /** The same as a statement that makes the server raise it, in its place in a pipeline. */
    static String raising(String sqlState, String message, String hint) {
        return block("BEGIN " + exception(sqlState, message, hint) + "; END");
    }

    /** The same where a condition holds. */
    static String raisingIf(String condition, String sqlState, String message, String hint) {
        return block("BEGIN IF " + condition + " THEN " + exception(sqlState, message, hint) + "; END IF; END");
    }

    /** The same as a statement of PL/pgSQL. */
    static String exception(String sqlState, String message, String hint) {
        return "RAISE EXCEPTION USING ERRCODE=" + literal(sqlState) + ", MESSAGE=" + literal(message)
                + (hint.isEmpty() ? "" : ", HINT=" + literal(hint));
    }

    /** A statement that succeeds with a warning. */
    static String warning(String sqlState, String message) {
        return block("BEGIN " + raisedWarning(sqlState, message) + "; END");
    }

    /** The same, which then does what {@code sql} says. */
    static String warningBefore(String sql, String sqlState, String message) {
        return block("BEGIN " + raisedWarning(sqlState, message) + "; EXECUTE " + ParameterSql.literalInBlock(sql)
                + "; END");
    }

    private static String raisedWarning(String sqlState, String message) {
        return "RAISE WARNING USING ERRCODE=" + literal(sqlState) + ", MESSAGE=" + literal(message);
    }

    /** A statement that does what a block of PL/pgSQL says. */
    static String block(String body) {
        return "DO $isolated$" + body + "$isolated$";
    }

    /** A text as SQL has it; within {@link #block} too. */
    static String literal(String text) {
        return "'" + text.replace("'", "''").replace("$isolated$", "") + "'";
    }
}
