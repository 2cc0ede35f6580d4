package dev.isolated.postgres;

import dev.isolated.spi.Origin;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.postgresql.core.TransactionState;
import org.postgresql.util.HostSpec;

/**
 * A connection that nothing is beneath but the server, until its test ends: from then on it says so. As thread-safe as
 * pgjdbc's.
 */
final class DirectConnection extends WatchedConnection {

    private final DirectConnections open;
    private final Origin opened = new Origin();
    private final boolean made;

    DirectConnection(DirectConnections open, HostSpec host, Properties info, String url) throws SQLException {
        super(open.tenant(), host, info, url);
        this.open = open;
        made = true;
    }

    @Override
    void closing() {
        open.remove(this);
    }

    /** Where it was opened. */
    String opened() {
        return opened.of("opened");
    }

    /** Whether it has a transaction open; waits for a statement that still runs, unless the connection is aborted. */
    boolean inTransaction() {
        return getTransactionState() != TransactionState.IDLE;
    }

    /** Its backend, and where it was opened. */
    String describe() {
        return "backend " + getBackendPID() + " " + opened();
    }

    /** Takes the connection away from the test without a word to the server, and reports what was left open. */
    void cutOff(Executor here) throws SQLException {
        // First, because a statement that still runs does not tell whether it has a result before it has failed.
        abort(here);
        tenant().report("a connection " + opened());
        reportOpenStatements();
    }

    @Override
    protected void checkClosed() throws SQLException {
        // The driver asks already while it makes the connection.
        if (made && tenant().ended()) {
            throw new SQLException(tenant().whatEnded().toString(), "08003");
        }
        super.checkClosed();
    }
}
