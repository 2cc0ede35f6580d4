package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a server must be and allow before the first test in a mode, and how it is told what it lacks. Immutable. */
record Requirements(String mode, Budget budget) {

    private static final int OLDEST = 14;
    private static final int EXPLICIT_INHERITANCE = 16;

    /** Something that is not as it must be, and what mends it. */
    record Lack(String found, String remedy) {}

    /** Fails with all that is missing. */
    void require(Server server, Facts facts) {
        List<Lack> lacks = missing(facts);
        if (!lacks.isEmpty()) {
            throw new IsolationException(
                    Explanation.couldNot("use " + server.describe() + " for tests in " + mode + " isolation")
                            .expected("version 14 or newer, an administrator who may make "
                                    + (inSchemas() ? "schemas" : "databases and roles") + ", and room for "
                                    + budget.arithmetic())
                            .found(lacks.stream().map(Lack::found).collect(Collectors.joining("; ")))
                            .next(lacks.stream().map(Lack::remedy).collect(Collectors.joining("; "))));
        }
    }

    List<Lack> missing(Facts facts) {
        var lacks = new ArrayList<Lack>();
        if (facts.major() < OLDEST) {
            lacks.add(new Lack("that its version is " + facts.version(), "choose a server of version 14 or newer"));
        }
        if (facts.standby()) {
            lacks.add(new Lack("that it is a standby, on which nothing can be made", "name its primary"));
        }
        if (!facts.superuser()) {
            addMissingRights(facts, lacks);
        }
        if (facts.free() < budget.total()) {
            lacks.add(tooFewConnections(facts));
        }
        return lacks;
    }

    private boolean inSchemas() {
        return mode.equals(PostgresService.SCHEMA);
    }

    private void addMissingRights(Facts facts, List<Lack> lacks) {
        String user = Identifier.quoted(facts.user());
        String found = "that its administrator " + facts.user() + " lacks ";
        if (inSchemas()) {
            if (!facts.makesSchemas()) {
                lacks.add(new Lack(
                        found + "the right to make schemas there",
                        "GRANT CREATE ON DATABASE … TO " + user + ", for the database in " + PostgresKeys.DATABASE));
            }
            return;
        }
        List<String> rights = missingAttributes(facts);
        if (!rights.isEmpty()) {
            String instead =
                    facts.makesDatabases() ? "" : ", or set isolated.postgres.mode=schema, which makes no databases";
            lacks.add(new Lack(
                    found + String.join(" and ", rights),
                    "ALTER ROLE " + user + " " + String.join(" ", rights) + instead));
        }
    }

    private static List<String> missingAttributes(Facts facts) {
        var attributes = new ArrayList<String>();
        if (!facts.makesDatabases()) {
            attributes.add("CREATEDB");
        }
        if (!facts.makesRoles()) {
            attributes.add("CREATEROLE");
        }
        if (!facts.inherits() && facts.major() < EXPLICIT_INHERITANCE) {
            attributes.add("INHERIT");
        }
        return attributes;
    }

    private Lack tooFewConnections(Facts facts) {
        String others = facts.others().isEmpty()
                ? ""
                : " and " + Budget.sum(facts.others()) + " are promised to other runs: " + Budget.names(facts.others())
                        + ";";
        return new Lack(
                "that " + facts.used() + " of its " + facts.connections() + " connections are in use" + others + " and "
                        + budget.total() + " more may be needed",
                "raise its max_connections ("
                        + "isolated.embedded.connections where it is embedded), end some of these,"
                        + " or lower " + Keys.ENVIRONMENTS_MAX
                        + (budget.each() == 1 ? "" : " or " + PostgresKeys.CONNECTIONS));
    }
}
