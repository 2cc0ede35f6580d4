package dev.isolated.clickhouse;

/** What one slice has on a server, and its tests one after the other. Used by one thread at a time. */
interface Ground {

    /** Where the test of a generation has its tables. */
    Place place(int generation);

    /** Makes that, empty, and removes what earlier tests have made. At any time something says whose all of it is. */
    void prepare(int generation);

    /** Lets the slice's user have that. */
    void grant(int generation);

    /** Removes all that the slice's tests have made. */
    void clear();

    /** Removes what says whose it was. */
    void abandon();
}
