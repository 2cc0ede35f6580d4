package dev.isolated.redis;

/**
 * What is a slice's on the server. Immutable.
 *
 * @param owner as whose the number is registered
 * @param era since when it is registered
 */
record Place(int database, Owner owner, Registry.Era era) {

    /** Whom its tests log in as. */
    String user() {
        return owner.user();
    }

    /** Whom the connection belongs to that the slice keeps. */
    String keeper() {
        return user() + "_kept";
    }
}
