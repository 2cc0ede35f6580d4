package dev.isolated.clickhouse;

/**
 * Where one test's tables are. Immutable.
 *
 * @param database the one that its connections begin in
 * @param prefix how the names of its tables begin; empty where the whole database is the test's
 */
record Place(String database, String prefix) {

    String table(String name) {
        return prefix + name;
    }

    /** For messages. */
    String describe() {
        return "ClickHouse database " + database + (prefix.isEmpty() ? "" : ", tables " + prefix + "*");
    }
}
