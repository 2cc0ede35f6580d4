package dev.isolated.postgres;

/**
 * What a server knows of who is a member of which role. It keeps that for whom it was asked about last; what another session
 * grants while it looks may be missing, until somebody changes a role, and statements that need it are forbidden.
 */
final class Memberships {

    private static final int SEPARATE_SET = 16;

    private Memberships() {}

    /** A query about somebody else, in each sense of the word, after which it has to look anew. */
    static String lookingAnew(int major) {
        String set = major < SEPARATE_SET ? "" : ", 'SET'";
        return "SELECT pg_catalog.pg_has_role('pg_monitor', current_user, kind)"
                + " FROM pg_catalog.unnest(ARRAY['MEMBER', 'USAGE'" + set + "]) AS kind";
    }
}
