package dev.isolated.redis;

/**
 * Whose a number is: a run's, for a user. Who takes a dead run's number over is its run, and the user stays the one who may
 * still be logged in, however often that happens. Immutable.
 */
record Owner(String run, String user) {

    private static final String SEPARATOR = "/";
    private static final String USERS = "isolated_";

    static Owner of(String run, int slice) {
        return new Owner(run, USERS + run + "_" + slice);
    }

    /** As the registry has it. */
    static Owner parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        return new Owner(text.substring(0, separator), text.substring(separator + 1));
    }

    /** Whether a user was made for some owner or other. */
    static boolean isUser(String name) {
        return name.startsWith(USERS);
    }

    Owner inheritedBy(String heir) {
        return new Owner(heir, user);
    }

    /** The same one's when it is registered anew: under a name that nobody knows of who is about to remove the last one's user. */
    Owner inLife(int life) {
        return new Owner(run, user + "_" + life);
    }

    @Override
    public String toString() {
        return run + SEPARATOR + user;
    }
}
