package dev.isolated.clickhouse;

import java.util.List;

/** How the tests of a run are kept apart on a server. Thread-safe. */
interface Layout {

    /** The table of the runs that live, as SQL names it. */
    String registry();

    /** The same when it is known what may be done there; called once a run shows that it lives. */
    Layout tried(String run);

    SliceUser user(Owner owner);

    /** What a slice has there, as soon as its user is made, by what the server has said then. */
    Ground ground(Owner owner, SliceUser user, String told);

    /** What says whose all of that is, of all runs. */
    List<Mark> marks();

    /** For messages. */
    String describe(Mark mark);

    /** Removes what a dead run has left; what is gone already is no failure. */
    void remove(Mark mark);
}
