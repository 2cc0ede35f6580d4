package dev.isolated.postgres;

/**
 * A template's database while its last layer is being made. Used by one thread.
 *
 * @param inside the administrator's connection to it
 * @param owner the role to whom everything in it belongs, and which is no superuser
 */
record Building(PostgresAdmin inside, String owner) {

    /** Runs statements as the owner of what they make. */
    void asOwner(String sql) {
        inside.execute("SET ROLE " + owner);
        inside.execute(sql);
        inside.execute("RESET ROLE");
    }

    /** Runs statements as the server's administrator. */
    void asAdministrator(String sql) {
        inside.execute(sql);
    }
}
