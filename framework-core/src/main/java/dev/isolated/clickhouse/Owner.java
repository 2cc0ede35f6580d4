package dev.isolated.clickhouse;

/** A run and the number of a slice in it; names are made from these. Immutable. */
record Owner(String run, int number) {

    /** How the names of a test's databases begin, where the server does not say otherwise. */
    private static final String PREFIX = "isolated_";

    /** The slice's user. */
    String user() {
        return PREFIX + run + "_" + number;
    }

    /**
     * How the names of the slice's databases begin.
     *
     * @param told what the server has answered when the user was made: how the names of its databases have to begin; a server
     *     that leaves it open says nothing
     */
    String territory(String told) {
        return told.isEmpty() ? user() + "_" : told;
    }

    /** A database's name, which is never used again. */
    String database(String told, int generation) {
        return (told.isEmpty() ? PREFIX : told) + run + "_" + number + "_" + generation;
    }
}
