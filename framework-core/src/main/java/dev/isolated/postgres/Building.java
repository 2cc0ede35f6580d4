package dev.isolated.postgres;

/** A place in which layers are made, each on what those before it have made. Used by one thread. */
interface Building {

    /** Runs statements as the owner of what they make. */
    void asOwner(String sql);

    /** Runs statements as the server's administrator. */
    void asAdministrator(String sql);

    /** What code of the user's works with; its connections act as the owner, and end with the layer. */
    Postgres handle();
}
