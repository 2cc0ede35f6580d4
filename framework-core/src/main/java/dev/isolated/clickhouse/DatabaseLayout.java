package dev.isolated.clickhouse;

import java.util.List;

/** Each test has a database of its own, under a name that is never used again. Immutable. */
record DatabaseLayout(ClickHouseAdmin admin) implements Layout {

    static DatabaseLayout open(ClickHouseAdmin admin) {
        admin.run(
                "make the table of runs",
                "CREATE DATABASE IF NOT EXISTS isolated COMMENT 'who uses databases of tests, for all runs'");
        return new DatabaseLayout(admin);
    }

    @Override
    public String registry() {
        return "isolated.runs";
    }

    @Override
    public Layout tried(String run) {
        return this;
    }

    @Override
    public SliceUser user(Owner owner) {
        return new OwnUser(admin, owner.user());
    }

    @Override
    public Ground ground(Owner owner, SliceUser user, String told) {
        return new DatabaseGround(admin, owner, told);
    }

    @Override
    public List<Mark> marks() {
        return Mark.ofDatabases(admin);
    }

    @Override
    public String describe(Mark mark) {
        return "database " + mark.bearer();
    }

    @Override
    public void remove(Mark mark) {
        new OwnUser(admin, mark.user()).endQueries();
        drop(admin, mark.bearer().replaceFirst("\\d+$", ""), "");
        mark.removeUser(admin);
    }

    private static void drop(ClickHouseAdmin admin, String beginning, String butNot) {
        for (String name : admin.names(
                "see the databases " + beginning + "*",
                "name",
                "FROM system.databases WHERE startsWith(name, '" + beginning + "') AND name != '" + butNot + "'")) {
            admin.run(
                    "drop the database " + Quoted.readable(name),
                    "DROP DATABASE IF EXISTS " + Quoted.name(name) + " SYNC");
        }
    }

    /** One database after another. Immutable. */
    private record DatabaseGround(ClickHouseAdmin admin, Owner owner, String told) implements Ground {

        @Override
        public Place place(int generation) {
            return new Place(owner.database(told, generation), "");
        }

        @Override
        public void prepare(int generation) {
            String name = owner.database(told, generation);
            admin.run(
                    "make the database " + name,
                    "CREATE DATABASE " + name + " " + new Mark(name, owner.run(), owner.user(), "").comment());
            drop(admin, owner.territory(told), name);
        }

        @Override
        public void grant(int generation) {
            admin.run(
                    "grant its database to " + owner.user(),
                    "GRANT ALL ON " + owner.database(told, generation) + ".* TO " + owner.user());
        }

        @Override
        public void clear() {
            drop(admin, owner.territory(told), "");
        }

        @Override
        public void abandon() {}
    }
}
