package dev.isolated.postgres;

import java.util.List;

/**
 * What a server and its administrator are.
 *
 * @param makesSchemas whether the administrator may make some in the database that it was asked in
 * @param connections how many roles that are no superusers may have at the same time
 * @param used how many somebody has now who is no run of this library
 * @param others what such runs need
 */
record Facts(
        String user,
        String version,
        boolean superuser,
        boolean makesDatabases,
        boolean makesRoles,
        boolean inherits,
        boolean makesSchemas,
        boolean standby,
        int connections,
        int used,
        List<Budget.Other> others) {

    private static final String QUERY = "SELECT unnest(ARRAY[rolsuper, rolcreatedb, rolcreaterole, rolinherit,"
            + " has_database_privilege(current_database(), 'CREATE'),"
            + " pg_is_in_recovery()]::text[] || ARRAY[current_setting('max_connections')::int"
            + " - current_setting('superuser_reserved_connections')::int"
            + " - coalesce(current_setting('reserved_connections', true)::int, 0),"
            + " (SELECT count(*) FROM pg_stat_activity WHERE usesysid IS NOT NULL AND datid IS NOT NULL"
            + " AND application_name NOT LIKE 'isolated admin%' AND usename !~ '^isolated_[0-9a-f]{8}_')]::text[])"
            + " FROM pg_roles WHERE rolname = current_user";

    static Facts of(String user, PostgresAdmin admin) {
        List<String> told = admin.query(QUERY);
        return new Facts(
                user,
                admin.version(),
                told.get(0).equals("true"),
                told.get(1).equals("true"),
                told.get(2).equals("true"),
                told.get(3).equals("true"),
                told.get(4).equals("true"),
                told.get(5).equals("true"),
                Integer.parseInt(told.get(6)),
                Integer.parseInt(told.get(7)),
                Budget.others(admin));
    }

    /** How many connections are left for a run. */
    int free() {
        return connections - used - Budget.sum(others);
    }

    int major() {
        return major(version);
    }

    /** The number before the first point, or before a word such as {@code beta1}. */
    static int major(String version) {
        String digits = version.split("\\D", 2)[0];
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
