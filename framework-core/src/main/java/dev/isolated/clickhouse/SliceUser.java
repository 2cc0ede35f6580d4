package dev.isolated.clickhouse;

/** As whom a slice's tests work. Used by one thread at a time. */
interface SliceUser {

    /** Its name where it is the library's to remove, else empty. */
    String mark();

    /** Makes it; what the server says about the names of what it makes. */
    String make();

    /** Whoever was it cannot be it any more. */
    void lockOut();

    /** What it had begun is over, and its rights may be gone; not while a view is there whose definer it is. */
    void renew();

    /** Ends what it has running, as far as that can be told. */
    void endQueries();

    /** Removes it. */
    void drop();

    /** The way to a database as this user. */
    HttpLine line(String database);
}
