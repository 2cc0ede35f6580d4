package dev.isolated.postgres;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What the sandbox says about temporary tables, views and sequences: whose each is, and what a commit does to it. It is
 * remembered in a parameter of the sandbox's own, by their numbers on the server, so that a rollback makes it forget them.
 */
final class TemporarySql {

    static final String DROP_ALL = "DISCARD TEMP /* " + Command.UNIT + " */";

    private static final String MEMORY = "isolated.temporary";

    /** Each is what a commit does to it, its number, and after a point that of its connection. */
    private static final String REMEMBERED = "pg_catalog.pg_class c %s JOIN unnest(string_to_array(coalesce("
            + "current_setting('" + MEMORY + "', true), ''), ' ')) entry"
            + " ON c.oid::text = split_part(substr(entry, 2), '.', 1)";

    /** What depends on others has been made after them. */
    private static final String LOOP = """
            DO $isolated$
            DECLARE one record;
            BEGIN
              FOR one IN SELECT c.oid, c.relkind, left(entry, 1) AS action FROM %s WHERE %s ORDER BY c.oid DESC LOOP
                %s
              END LOOP;
            END $isolated$""";

    private TemporarySql() {}

    /**
     * Said behind a statement that makes some.
     *
     * @param changing those of them that a commit changes
     */
    static String remember(int connection, List<TemporaryTable> changing) {
        String actions = changing.stream()
                .map(table -> "WHEN to_regclass(" + ParameterSql.literal("pg_temp." + table.name()) + ") THEN '"
                        + (table.dropped() ? 'd' : 'e') + "' ")
                .collect(Collectors.joining());
        String action = actions.isEmpty() ? "'k'" : "CASE c.oid " + actions + "ELSE 'k' END";
        return "SELECT pg_catalog.set_config('" + MEMORY + "', coalesce((SELECT string_agg(coalesce(entry, " + action
                + " || c.oid || '." + connection + "'), ' ') FROM " + REMEMBERED.formatted("LEFT")
                + " WHERE relnamespace = pg_my_temp_schema() AND relkind IN ('r', 'p', 'v', 'S')), ''), false)";
    }

    /** Said at the commit of a connection that has made some which it changes. */
    static String commit(int connection) {
        return LOOP.formatted(
                REMEMBERED.formatted(""),
                "split_part(entry, '.', 2) = '" + connection + "' AND left(entry, 1) <> 'k'",
                "EXECUTE CASE one.action WHEN 'd' THEN 'DROP TABLE ' ELSE 'DELETE FROM ' END || one.oid::regclass;");
    }

    /** Drops those of some connections. */
    static String drop(List<Integer> connections) {
        String numbers = connections.stream().map(number -> "'" + number + "'").collect(Collectors.joining(", "));
        return LOOP.formatted(
                REMEMBERED.formatted(""),
                "split_part(entry, '.', 2) IN (" + numbers + ") /* " + Command.UNIT + " */",
                "IF EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = one.oid) THEN EXECUTE 'DROP ' ||"
                        + " CASE one.relkind WHEN 'v' THEN 'VIEW ' WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END"
                        + " || one.oid::regclass || ' CASCADE'; END IF;");
    }
}
