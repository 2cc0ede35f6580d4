package dev.isolated.postgres;

import dev.isolated.postgres.Standing.Effect;
import java.util.List;

/** What the sandbox itself says to the server; prepared once for each physical connection. */
enum Command {
    BEGIN("BEGIN", Effect.TRANSACTION_BEGUN),
    ROLLBACK("ROLLBACK", Effect.TRANSACTION_UNDONE),
    SAVEPOINT("SAVEPOINT " + Command.UNIT, Effect.SAVEPOINT_SET),
    RELEASE("RELEASE SAVEPOINT " + Command.UNIT, Effect.SAVEPOINT_RELEASED),
    ROLLBACK_TO("ROLLBACK TO SAVEPOINT " + Command.UNIT, Effect.UNIT_UNDONE),
    READ_ONLY("SET TRANSACTION READ ONLY", Effect.NONE),
    REPEATABLE_READ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", Effect.NONE),
    SERIALIZABLE("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", Effect.NONE),
    CLOSE_CURSORS("CLOSE ALL", Effect.NONE),
    /** Has everything checked, and every trigger fired, that was to wait for the commit. */
    CONSTRAINTS_IMMEDIATE("SET CONSTRAINTS ALL IMMEDIATE", Effect.NONE),
    /** After that nothing would wait any more for the next commit: what is to wait from the start does so again. */
    DEFER_AGAIN("""
            DO $isolated$
            DECLARE names text;
            BEGIN
              SELECT string_agg(DISTINCT format('%I.%I', nspname, conname), ', ') INTO names
                FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = connamespace
               WHERE condeferred;
              IF names IS NOT NULL THEN EXECUTE 'SET CONSTRAINTS ' || names || ' DEFERRED'; END IF;
            END $isolated$""", Effect.NONE),
    FREE_ADVISORY_LOCKS("SELECT pg_advisory_unlock_all()", Effect.NONE),
    FORGET_SEQUENCES("DISCARD SEQUENCES", Effect.NONE);

    /** What a unit is set upon; all that is said between two units has it in its text, and is known by that. */
    static final String UNIT = "\"isolated:unit\"";

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

    /** It, said by the way. */
    Interjection interjection() {
        return new Interjection(this, sql, List.of(effect), Expected.NOTHING);
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
