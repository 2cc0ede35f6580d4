package dev.isolated.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** How one cancel of a connection reaches the server; both ways lie beside the connection that it cancels. For one thread. */
final class Cancelling implements CancelGate.Beside {

    /** When whoever does not come to rest is cancelled again: a server forgets a cancel that overtakes its statement. */
    static final Duration AGAIN = Duration.ofMillis(200);

    private final PhysicalConnection physical;
    private final Session session;
    private String unknown = "the server was still at what opens its unit";

    Cancelling(PhysicalConnection physical, Session session) {
        this.physical = physical;
        this.session = session;
    }

    @Override
    public boolean opening() {
        try {
            return physical.opening();
        } catch (SQLException | IOException e) {
            unknown = "the server did not say what it was at: " + e.getMessage();
            return true;
        }
    }

    @Override
    public void cancel() {
        try {
            physical.cancel();
        } catch (SQLException e) {
            warn("could not be cancelled: " + e.getMessage());
        }
    }

    @Override
    public void refrain() {
        warn("was not cancelled, for that might have struck what it had done before: " + unknown);
    }

    private void warn(String what) {
        Log.LOGGER.log(System.Logger.Level.WARNING, "{0} {1}", session, what);
    }
}
