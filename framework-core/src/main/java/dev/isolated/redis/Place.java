package dev.isolated.redis;

/**
 * What is a slice's on the server. Immutable.
 *
 * @param owner as whose the number is registered
 * @param user whom its tests log in as
 */
record Place(int database, String owner, String user) {

    /** Whom the connection belongs to that the slice keeps. */
    String keeper() {
        return user + "_kept";
    }

    /** The same at another number. */
    Place at(int number) {
        return new Place(number, owner, user);
    }
}
