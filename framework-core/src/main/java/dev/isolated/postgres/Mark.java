package dev.isolated.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The state that a sandbox goes back to between the tests of a class: a savepoint beneath all that they do, and what the
 * session had then that no savepoint covers. Used while nobody is on the wire.
 */
final class Mark {

    private static final String SAVEPOINT = "SAVEPOINT \"isolated:mark\"";
    private static final String ROLLBACK_TO = "ROLLBACK TO " + SAVEPOINT;
    private static final String PREPARED = "SELECT quote_ident(name) FROM pg_prepared_statements WHERE from_sql";

    /** As statements that take them again. A key of two halves is one number, or two. */
    private static final String ADVISORY_LOCKS = "SELECT 'SELECT pg_advisory_lock'"
            + " || CASE mode WHEN 'ShareLock' THEN '_shared' ELSE '' END || '('"
            + " || CASE objsubid WHEN 1 THEN ((classid::int8 << 32) | objid::int8)::text"
            + " ELSE ('x' || lpad(to_hex(classid::int8), 8, '0'))::bit(32)::int4 || ', '"
            + " || ('x' || lpad(to_hex(objid::int8), 8, '0'))::bit(32)::int4 END || ')'"
            + " FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND granted";

    private final Sandbox sandbox;
    private final Inquiry inquiry;
    private final List<String> advisoryLocks;
    private final Set<String> prepared;

    private Mark(Sandbox sandbox, Inquiry inquiry) throws IOException, SQLException {
        this.sandbox = sandbox;
        this.inquiry = inquiry;
        advisoryLocks = inquiry.first(ADVISORY_LOCKS);
        prepared = Set.copyOf(inquiry.first(PREPARED));
    }

    /** Makes what has been done so far what a rewind leaves. */
    static Mark set(Sandbox sandbox) throws IOException, SQLException {
        requireNoTransaction(sandbox);
        var inquiry = new Inquiry(sandbox.physical());
        inquiry.run(sandbox.standing().settling() + SAVEPOINT + "; " + Command.FORGET_SEQUENCES.sql());
        sandbox.stand(Standing.BEGUN);
        return new Mark(sandbox, inquiry);
    }

    private static void requireNoTransaction(Sandbox sandbox) {
        Session owner = sandbox.turn().owner();
        if (owner != null) {
            throw UndecidedTransaction.refused(sandbox.tenant(), "on a connection " + owner.opened());
        }
    }

    /** Undoes everything since the mark was set. */
    void rewind() throws IOException, SQLException {
        inquiry.run(ROLLBACK_TO + "; " + Command.FREE_ADVISORY_LOCKS.sql() + "; " + Command.FORGET_SEQUENCES.sql()
                + advisoryLocks.stream().map("; "::concat).reduce("", String::concat));
        sandbox.stand(Standing.BEGUN);
        if (sandbox.tainted()) {
            forgetPrepared();
        }
    }

    private void forgetPrepared() throws IOException, SQLException {
        var since = new HashSet<>(inquiry.first(PREPARED));
        since.removeAll(prepared);
        for (String name : since) {
            inquiry.run("DEALLOCATE " + name);
        }
    }
}
