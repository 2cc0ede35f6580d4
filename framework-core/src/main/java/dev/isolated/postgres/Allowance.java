package dev.isolated.postgres;

import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;

/**
 * What a server allows its administrator.
 *
 * @param capacity how many slices it has room for
 * @param grant follows {@code GRANT role TO CURRENT_USER}, by which the administrator may act for a role that it has made;
 *     empty for a superuser, who needs none
 * @param makesRoles whether the administrator may make roles at all
 */
record Allowance(int capacity, String grant, boolean makesRoles) {

    private static final int EXPLICIT_GRANTS = 16;

    /** Asks a server, tells it what the run needs, and fails with everything that it lacks. */
    static Allowance of(Server server, Plan plan, PostgresAdmin admin) {
        var budget = Budget.of(plan);
        return budget.announce(admin, () -> {
            Facts facts = Facts.of(server.endpoint().user(), admin);
            new Requirements(plan.mode(), budget).require(server, facts);
            int capacity = (facts.free() - Budget.OWN) / budget.each();
            return new Allowance(capacity, grant(facts), facts.superuser() || facts.makesRoles());
        });
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
