package dev.isolated.clickhouse;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run and the number of a slice in it; names are made from these. Immutable. */
record Owner(String run, int number) {

    /** How all names begin, where the server does not say otherwise. */
    private static final String PREFIX = "isolated_";

    private static final Pattern USER = Pattern.compile(PREFIX + "([^_]+)_(\\d{1,9})");

    /** Whose user has that name; nobody's where the library makes none that is called so. */
    static Optional<Owner> ofUser(String name) {
        Matcher matcher = USER.matcher(name);
        return matcher.matches()
                ? Optional.of(new Owner(matcher.group(1), Integer.parseInt(matcher.group(2))))
                        .filter(owner -> owner.user().equals(name))
                : Optional.empty();
    }

    /** The slice's user. */
    String user() {
        return PREFIX + run + "_" + number;
    }

    /** A table that nobody uses and whose comment says whose tables there are. */
    String marker() {
        return PREFIX + "owner_" + run + "_" + number;
    }

    /**
     * How the names begin of all that the slice's user can make.
     *
     * @param told what the server has answered when the user was made: how the names of its databases and tables have to
     *     begin; a server that leaves it open says nothing
     */
    String territory(String told) {
        return told.isEmpty() ? user() + "_" : told;
    }

    /** How all names begin that the slice's tests are given. */
    String beginning(String told) {
        return (told.isEmpty() ? PREFIX : told) + run + "_" + number + "_";
    }

    /** A database's name, which is never used again. */
    String database(String told, int generation) {
        return beginning(told) + generation;
    }

    /** How one test's tables begin, and no other's. */
    String tables(String told, int generation) {
        return beginning(told) + generation + "_";
    }
}
