package dev.isolated.postgres;

import java.io.IOException;
import java.sql.SQLException;

/** How a cancel for one connection reaches the server; both ways lie beside the connection that it cancels. Immutable. */
record Cancelling(PhysicalConnection physical, Session session) implements CancelGate.Beside {

    @Override
    public boolean opening() {
        try {
            return physical.opening();
        } catch (SQLException | IOException e) {
            warn("was cancelled though the server did not say what it was at", e);
            return false;
        }
    }

    @Override
    public void cancel() {
        try {
            physical.cancel();
        } catch (SQLException e) {
            warn("could not be cancelled", e);
        }
    }

    private void warn(String what, Exception reason) {
        Log.LOGGER.log(System.Logger.Level.WARNING, "{0} {1}: {2}", session, what, reason.getMessage());
    }
}
