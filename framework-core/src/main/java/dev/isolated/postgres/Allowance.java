package dev.isolated.postgres;

import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import java.util.List;

/**
 * What a server allows its administrator.
 *
 * @param capacity how many slices it has room for
 * @param grant follows {@code GRANT role TO CURRENT_USER}, by which the administrator may act for a role that it has made;
 *     empty for a superuser, who needs none
 */
record Allowance(int capacity, String grant) {

    private static final int KEPT_FREE = 3;
    private static final int EXPLICIT_GRANTS = 16;

    /** Asks a server, and fails with everything that it lacks. */
    static Allowance of(Server server, Plan plan, PostgresAdmin admin) {
        if (!server.tenure().ours()) {
            Facts facts = Facts.of(server.endpoint().user(), admin);
            Requirements.require(server, plan, Requirements.missing(facts, Requirements.wanted(plan)));
            return new Allowance(facts.connections() - KEPT_FREE, grant(facts));
        }
        Requirements.require(server, plan, Requirements.tooOld(admin.version()));
        List<String> connections = admin.query("SELECT current_setting('max_connections')::int"
                + " - current_setting('superuser_reserved_connections')::int");
        return new Allowance(Integer.parseInt(connections.get(0)) - KEPT_FREE, "");
    }

    /** Statements that follow the making of a role. */
    String join(String role) {
        return grant.isEmpty() ? "" : "; GRANT " + role + grant;
    }

    private static String grant(Facts facts) {
        if (facts.superuser()) {
            return "";
        }
        return " TO CURRENT_USER" + (facts.major() < EXPLICIT_GRANTS ? "" : " WITH INHERIT TRUE, SET TRUE");
    }
}
