package dev.isolated.clickhouse;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the comment of a test's database says: whose it is. Nothing without one is ever removed for its name. Immutable. */
record Mark(String database, String run, String user) {

    private static final Pattern ROW = Pattern.compile("(\\w+)\\tof a test: run (\\w+), user (\\w+)");

    /** The marks of all databases on a server. */
    static List<Mark> all(ClickHouseAdmin admin) {
        return admin
                .rows(
                        "look for databases of dead runs",
                        "SELECT name, comment FROM system.databases WHERE startsWith(comment, 'of a test: ') FORMAT TSV")
                .stream()
                .map(Mark::of)
                .flatMap(Optional::stream)
                .toList();
    }

    /** As SQL writes it down. */
    String comment() {
        return "COMMENT 'of a test: run " + run + ", user " + user + "'";
    }

    /** Removes the database and its user; what is gone already is no failure. */
    void remove(ClickHouseAdmin admin) {
        admin.run("drop the database " + database, "DROP DATABASE IF EXISTS " + database + " SYNC");
        admin.run("drop the user " + user, "DROP USER IF EXISTS " + user);
    }

    private static Optional<Mark> of(String row) {
        Matcher matcher = ROW.matcher(row);
        return matcher.matches()
                ? Optional.of(new Mark(matcher.group(1), matcher.group(2), matcher.group(3)))
                : Optional.empty();
    }
}
