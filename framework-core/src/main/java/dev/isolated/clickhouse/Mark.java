package dev.isolated.clickhouse;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the comment of a database or a table says: whose it is. Nothing without one is ever removed for its name, and none is
 * believed that says more than its bearer's name does: tests can write comments, too. Immutable.
 *
 * @param bearer the database or the table
 * @param user empty where it is not the library's to remove
 * @param tables how the names of the tables begin that it stands for; empty where it stands for a database
 */
record Mark(String bearer, String run, String user, String tables) {

    private static final String BEGINNING = "of a test: run ";
    private static final String BEGINNING_OF_ALL = "isolated_(?:\\d{5}_)?";
    private static final Pattern DATABASE = Pattern.compile(BEGINNING_OF_ALL + "([^_]+)_(\\d{1,9})_\\d+");
    private static final Pattern MARKER = Pattern.compile("isolated_owner_([^_]+)_(\\d{1,9})");
    private static final Pattern ROW =
            Pattern.compile("(\\w+)\\t" + BEGINNING + "(\\w+), user (\\w*)(?:, tables (\\w+))?");

    /** The marks of all databases. */
    static List<Mark> ofDatabases(ClickHouseAdmin admin) {
        return all(admin, "system.databases", "1");
    }

    /** The marks of all tables in a database. */
    static List<Mark> ofTables(ClickHouseAdmin admin, String database) {
        return all(admin, "system.tables", "database = " + Quoted.text(database));
    }

    private static List<Mark> all(ClickHouseAdmin admin, String from, String where) {
        return admin
                .rows(
                        "look for what dead runs have left",
                        "SELECT name, comment FROM " + from + " WHERE " + where + " AND startsWith(comment, "
                                + Quoted.text(BEGINNING) + ") FORMAT TSV")
                .stream()
                .map(Mark::of)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Whose it is, as its bearer's name says. */
    Owner owner() {
        Matcher name = (tables.isEmpty() ? DATABASE : MARKER).matcher(bearer);
        if (!name.matches()) {
            throw new IllegalStateException(bearer + " is called like nobody's");
        }
        return new Owner(name.group(1), Integer.parseInt(name.group(2)));
    }

    /** As SQL writes it down. */
    String comment() {
        return "COMMENT "
                + Quoted.text(BEGINNING + run + ", user " + user + (tables.isEmpty() ? "" : ", tables " + tables));
    }

    /** Removes the user; one that is gone already is no failure. */
    void removeUser(ClickHouseAdmin admin) {
        if (!user.isEmpty()) {
            new OwnUser(admin, user).remove();
        }
    }

    /** What a name and a comment say, where they agree. */
    static Optional<Mark> of(String row) {
        Matcher matcher = ROW.matcher(row);
        return matcher.matches()
                ? Optional.of(new Mark(
                                matcher.group(1),
                                matcher.group(2),
                                matcher.group(3),
                                Optional.ofNullable(matcher.group(4)).orElse("")))
                        .filter(Mark::agrees)
                : Optional.empty();
    }

    private boolean agrees() {
        Matcher name = (tables.isEmpty() ? DATABASE : MARKER).matcher(bearer);
        if (!name.matches() || !name.group(1).equals(run)) {
            return false;
        }
        var owner = new Owner(run, Integer.parseInt(name.group(2)));
        return (user.isEmpty() || user.equals(owner.user()))
                && (tables.isEmpty() || tables.matches(BEGINNING_OF_ALL + owner.run() + "_" + owner.number() + "_"));
    }
}
