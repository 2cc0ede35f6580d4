package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a server must be and allow before the first test, and how it is told what it lacks. */
final class Requirements {

    private static final int OLDEST = 14;
    private static final int EXPLICIT_INHERITANCE = 16;

    /** Something that is not as it must be, and what mends it. */
    record Lack(String found, String remedy) {}

    private Requirements() {}

    /** How many connections the run may need. */
    static int wanted(Plan plan) {
        return plan.settings().get(Keys.ENVIRONMENTS_MAX);
    }

    static List<Lack> tooOld(String version) {
        return Facts.major(version) >= OLDEST
                ? List.of()
                : List.of(new Lack("that its version is " + version, "choose a server of version 14 or newer"));
    }

    /** All that is missing. */
    static List<Lack> missing(Facts facts, int connections) {
        var lacks = new ArrayList<>(tooOld(facts.version()));
        if (facts.standby()) {
            lacks.add(new Lack("that it is a standby, on which nothing can be made", "name its primary"));
        }
        List<String> rights = missingRights(facts);
        if (!rights.isEmpty()) {
            lacks.add(new Lack(
                    "that its administrator " + facts.user() + " lacks " + String.join(" and ", rights),
                    "ALTER ROLE " + Identifier.quoted(facts.user()) + " " + String.join(" ", rights)));
        }
        int free = facts.connections() - facts.used();
        if (free < connections) {
            lacks.add(new Lack(
                    "that " + facts.used() + " of its " + facts.connections() + " connections are in use and "
                            + connections + " more may be needed",
                    "raise its max_connections, end some of these, or lower " + Keys.ENVIRONMENTS_MAX));
        }
        return lacks;
    }

    private static List<String> missingRights(Facts facts) {
        var rights = new ArrayList<String>();
        if (!facts.superuser()) {
            if (!facts.makesDatabases()) {
                rights.add("CREATEDB");
            }
            if (!facts.makesRoles()) {
                rights.add("CREATEROLE");
            }
            if (!facts.inherits() && facts.major() < EXPLICIT_INHERITANCE) {
                rights.add("INHERIT");
            }
        }
        return rights;
    }

    static void require(Server server, Plan plan, List<Lack> lacks) {
        if (!lacks.isEmpty()) {
            throw new IsolationException(Explanation.couldNot("use " + server.describe() + " for tests")
                    .expected("version 14 or newer, an administrator who may make databases and roles, and room for "
                            + wanted(plan) + " connections")
                    .found(lacks.stream().map(Lack::found).collect(Collectors.joining("; ")))
                    .next(lacks.stream().map(Lack::remedy).collect(Collectors.joining("; "))));
        }
    }
}
