package dev.isolated.clickhouse;

import dev.isolated.clickhouse.HttpLine.RefusedException;
import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.NoRoomException;
import java.util.List;

/**
 * All tests have their tables in one database that exists, under names that begin with a prefix of each test's own, for
 * servers where databases may not be made. Immutable.
 *
 * @param ownUsers whether each slice has a user that can reach no other prefix
 */
record TableLayout(ClickHouseAdmin admin, String database, boolean ownUsers) implements Layout {

    /** On a server where that database is. */
    static TableLayout open(ClickHouseAdmin admin, String database) {
        if (admin.rows(
                        "look for the database " + database,
                        "SELECT name FROM system.databases WHERE name = " + Quoted.text(database))
                .isEmpty()) {
            throw new IsolationException(Explanation.couldNot(
                            "share a database among tests on " + admin.server().describe())
                    .expected("the database " + database + " to be there, and visible to "
                            + admin.server().endpoint().user())
                    .found("none of that name")
                    .next("have it made, or name another one with " + ClickHouseKeys.DATABASE));
        }
        return new TableLayout(admin, database, false);
    }

    @Override
    public Layout tried(String run) {
        return new TableLayout(admin, database, usersCanBeHeld(admin, database, new Owner(run, 0)));
    }

    /** Tried out with a user that nobody needs. */
    private static boolean usersCanBeHeld(ClickHouseAdmin admin, String database, Owner trial) {
        var user = new OwnUser(admin, trial.user());
        try {
            grantTables(admin, database, trial, trial.tables(user.make(), 0));
            user.lockOut();
            return true;
        } catch (NoRoomException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "users are made for tests when others give theirs back", e);
            return true;
        } catch (IsolationException e) {
            if (!(e.getCause() instanceof RefusedException reason)) {
                throw e;
            }
            Log.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "all tests with a prefix in ClickHouse database {0} are the user {1}, and nothing but names keeps them"
                            + " apart, for the server lets no user be made for each: {2}",
                    database,
                    admin.server().endpoint().user(),
                    reason.getMessage());
            return false;
        } finally {
            user.drop();
        }
    }

    private static void grantTables(ClickHouseAdmin admin, String database, Owner owner, String tables) {
        admin.run(
                "grant its tables to " + owner.user(),
                "GRANT ALL ON " + Quoted.name(database) + "." + tables + "* TO " + owner.user());
    }

    @Override
    public String registry() {
        return Quoted.name(database) + ".isolated_runs";
    }

    @Override
    public SliceUser user(Owner owner) {
        return ownUsers ? new OwnUser(admin, owner.user()) : new GivenUser(admin, owner);
    }

    @Override
    public Ground ground(Owner owner, SliceUser user, String told) {
        var mark = new Mark(owner.marker(), owner.run(), user.mark(), owner.beginning(told));
        admin.run(
                "mark the tables of slice " + owner.number(),
                "CREATE TABLE " + qualified(owner.marker()) + " (nothing UInt8) ENGINE = Null " + mark.comment());
        return new TableGround(this, owner, told);
    }

    @Override
    public List<Mark> marks() {
        return Mark.ofTables(admin, database);
    }

    @Override
    public String describe(Mark mark) {
        return "tables " + mark.tables() + "* in database " + database;
    }

    @Override
    public void remove(Mark mark) {
        if (!mark.user().isEmpty()) {
            new OwnUser(admin, mark.user()).endQueries();
        }
        new Tables(admin, database, mark.tables()).drop();
        mark.removeUser(admin);
        dropMarker(mark.bearer());
    }

    private void dropMarker(String marker) {
        admin.run("remove the mark of its tables", "DROP TABLE IF EXISTS " + qualified(marker) + " SYNC");
    }

    private String qualified(String table) {
        return Quoted.name(database) + "." + Quoted.name(table);
    }

    /** One prefix after another. Immutable. */
    private record TableGround(TableLayout layout, Owner owner, String told) implements Ground {

        @Override
        public Place place(int generation) {
            return new Place(layout.database, owner.tables(told, generation));
        }

        @Override
        public void prepare(int generation) {
            clear();
        }

        @Override
        public void grant(int generation) {
            if (layout.ownUsers) {
                grantTables(layout.admin, layout.database, owner, owner.tables(told, generation));
            }
        }

        @Override
        public void clear() {
            new Tables(layout.admin, layout.database, owner.territory(told)).drop();
        }

        @Override
        public void abandon() {
            layout.dropMarker(owner.marker());
        }
    }
}
