package dev.isolated.postgres;

import dev.isolated.postgres.Standing.Effect;

/** What the sandbox itself says to the server; prepared once for each physical connection. */
enum Command {
    BEGIN("BEGIN", Effect.TRANSACTION_BEGUN),
    ROLLBACK("ROLLBACK", Effect.TRANSACTION_UNDONE),
    SAVEPOINT("SAVEPOINT \"isolated:unit\"", Effect.SAVEPOINT_SET),
    RELEASE("RELEASE SAVEPOINT \"isolated:unit\"", Effect.SAVEPOINT_RELEASED),
    ROLLBACK_TO("ROLLBACK TO SAVEPOINT \"isolated:unit\"", Effect.UNIT_UNDONE),
    READ_ONLY("SET TRANSACTION READ ONLY", Effect.NONE),
    CLOSE_CURSORS("CLOSE ALL", Effect.NONE),
    FREE_ADVISORY_LOCKS("SELECT pg_advisory_unlock_all()", Effect.NONE),
    FORGET_SEQUENCES("DISCARD SEQUENCES", Effect.NONE);

    private final String sql;
    private final Effect effect;
    private final String statement;

    Command(String sql, Effect effect) {
        this.sql = sql;
        this.effect = effect;
        statement = "isolated:" + name();
    }

    String sql() {
        return sql;
    }

    Effect effect() {
        return effect;
    }

    /** The name under which it is prepared. */
    String statement() {
        return statement;
    }

    /** Prepares it. */
    void parse(WireWriter out) {
        out.begin('P').text(statement).text(sql).int16(0).end();
    }

    /** Executes it as prepared; answered by {@code BindComplete} and {@code CommandComplete}. */
    void execute(WireWriter out) {
        out.begin('B').text("").text(statement).int16(0).int16(0).int16(0).end();
        out.begin('E').text("").int32(0).end();
    }
}
