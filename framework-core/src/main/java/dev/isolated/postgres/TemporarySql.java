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

    /** Those of the application that make some which a commit drops or empties. */
    static final String FUNCTIONS = "pg_catalog.pg_proc WHERE pronamespace NOT IN ('pg_catalog'::regnamespace,"
            + " 'information_schema'::regnamespace) AND prosrc ~* " + ParameterSql.literal("\\mon\\s+commit\\s+d");

    private static final String TABLE = "table\\s+(if\\s+not\\s+exists\\s+)?";
    private static final String IN_SCHEMA = "(\"?pg_temp\"?\\s*\\.\\s*)";

    /** What stands before a temporary table's name in the source of a function that makes it. */
    private static final String MAKES = "(temp(orary)?\\s+" + TABLE + IN_SCHEMA + "?|" + TABLE + IN_SCHEMA + ")";

    /** What a commit does to one that no statement is known to have made. */
    private static final String MADE_BY_FUNCTION = "CASE WHEN relkind <> 'r' THEN 'k' WHEN "
            + sourceHas("[^;]*\\mon\\s+commit\\s+drop") + " THEN 'd' WHEN "
            + sourceHas("[^;]*\\mon\\s+commit\\s+delete") + " THEN 'e' WHEN " + sourceHas("")
            + " THEN 'k' ELSE '?' END";

    private static final String UNKNOWN = Refusal.exception(
            "0A000",
            "a temporary table that a function makes, under a name that its text does not have, and that this commit may drop"
                    + " is not possible in TRANSACTION isolation",
            Instead.OTHER_MODE);

    /** Each is what a commit does to it, its number, and after a point that of its connection. */
    private static final String REMEMBERED = "pg_catalog.pg_class c %s JOIN unnest(string_to_array(coalesce("
            + "current_setting('" + MEMORY + "', true), ''), ' ')) entry"
            + " ON c.oid::text = split_part(substr(entry, 2), '.', 1)";

    /** What depends on others has been made after them. */
    private static final String LOOP = """
            DO $isolated$
            DECLARE one record;
            BEGIN
              FOR one IN SELECT c.oid, c.relkind, left(entry, 1) AS action FROM %s WHERE %s
                  ORDER BY c.relkind = 'S', c.oid DESC LOOP
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
        return remember(connection, actions.isEmpty() ? "'k'" : "CASE c.oid " + actions + "ELSE 'k' END");
    }

    /** Said at a commit where functions may have made some. */
    static String rememberThoseOfFunctions(int connection) {
        return remember(connection, MADE_BY_FUNCTION);
    }

    private static String remember(int connection, String action) {
        return "SELECT pg_catalog.set_config('" + MEMORY + "', coalesce((SELECT string_agg(coalesce(entry, " + action
                + " || c.oid || '." + connection + "'), ' ') FROM " + REMEMBERED.formatted("LEFT")
                + " WHERE relnamespace = pg_my_temp_schema() AND relkind IN ('r', 'p', 'v', 'S')), ''), false)";
    }

    private static String sourceHas(String behindName) {
        String name = "regexp_replace(c.relname, " + ParameterSql.literal("(\\W)") + ", "
                + ParameterSql.literal("\\\\\\1") + ", 'g')";
        return "EXISTS (SELECT FROM pg_catalog.pg_proc WHERE prosrc ~* concat(" + ParameterSql.literal(MAKES + "(\"")
                + ", " + name + ", '\"|', " + name + ", " + ParameterSql.literal("(?!\\w))" + behindName) + "))";
    }

    /** Said at the commit of a connection that has made some which it changes. */
    static String commit(int connection) {
        return LOOP.formatted(
                REMEMBERED.formatted(""),
                "split_part(entry, '.', 2) = '" + connection + "' AND left(entry, 1) <> 'k'",
                "IF one.action = '?' THEN " + UNKNOWN
                        + "; END IF; EXECUTE CASE one.action WHEN 'd' THEN 'DROP TABLE ' ELSE 'DELETE FROM ' END || one.oid::regclass;");
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
