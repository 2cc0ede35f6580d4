package dev.isolated.clickhouse;

import dev.isolated.clickhouse.HttpLine.RefusedException;
import dev.isolated.error.IsolationException;
import java.util.ArrayList;
import java.util.List;

/**
 * What tests read and do beside their own tables, as far as the administrator may grant it; in the system's tables each user
 * sees but what it has rights to. Thread-safe.
 */
final class Beside {

    private final ClickHouseAdmin admin;
    private volatile List<String> rights = List.of(
            "CREATE TEMPORARY TABLE ON *.*",
            "SELECT ON system.parts",
            "SELECT ON system.parts_columns",
            "SELECT ON system.mutations",
            "SELECT ON system.merges",
            "SELECT ON system.dictionaries");

    Beside(ClickHouseAdmin admin) {
        this.admin = admin;
    }

    /** Grants all at once, or one by one where a server refuses some, of which a warning tells once. */
    void grantTo(String user) {
        List<String> wanted = rights;
        if (wanted.isEmpty() || granted(user, wanted)) {
            return;
        }
        var allowed = new ArrayList<String>();
        var refused = new ArrayList<String>();
        for (String right : wanted) {
            (granted(user, List.of(right)) ? allowed : refused).add(right);
        }
        synchronized (this) {
            if (!rights.equals(wanted)) {
                return;
            }
            rights = List.copyOf(allowed);
        }
        Log.LOGGER.log(
                System.Logger.Level.WARNING,
                "tests on {0} do without {1}, which {2} may not grant",
                admin.server().describe(),
                String.join(", ", refused),
                admin.server().endpoint().user());
    }

    private boolean granted(String user, List<String> wanted) {
        try {
            admin.run(
                    "grant what tests need beside their tables", "GRANT " + String.join(", ", wanted) + " TO " + user);
            return true;
        } catch (IsolationException e) {
            if (RefusedException.refused(e, RefusedException.DENIED)) {
                return false;
            }
            throw e;
        }
    }
}
