package dev.isolated.postgres;

import org.jspecify.annotations.Nullable;

/**
 * A temporary table that a commit drops or empties. The sandbox remembers those of each connection in a parameter of its
 * own, by their numbers on the server, so that a rollback makes it forget them. Immutable.
 *
 * @param name as it is written, with quotes
 * @param dropped whether a commit drops it; else it empties it
 */
record TemporaryTable(String name, boolean dropped) {

    private static final String EMPTY_OR_DROP = """
            DO $isolated$
            DECLARE entry text;
            BEGIN
              FOREACH entry IN ARRAY string_to_array(coalesce(current_setting('PARAMETER', true), ''), ' ') LOOP
                IF EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid::text = substr(entry, 2)) THEN
                  EXECUTE CASE left(entry, 1) WHEN 'd' THEN 'DROP TABLE ' ELSE 'DELETE FROM ' END
                    || substr(entry, 2)::oid::regclass;
                END IF;
              END LOOP;
            END $isolated$""";

    /** That which a text makes, if it is such a one. */
    static @Nullable TemporaryTable of(String sql) {
        String words = new SqlScanner(sql).words();
        int action = words.indexOf(" ON COMMIT D");
        if (action < 0 || words.contains(" IF NOT EXISTS ")) {
            return null;
        }
        var reader = new SqlReader(sql);
        String word = reader.word();
        while (!word.isEmpty() && !word.equals("TABLE")) {
            word = reader.word();
        }
        reader.skipBlank();
        int start = reader.at();
        reader.identifier();
        if (reader.next() == '.') {
            reader.step();
            start = reader.at();
            reader.identifier();
        }
        return new TemporaryTable(reader.since(start), words.startsWith("DROP", action + " ON COMMIT ".length()));
    }

    /** Said behind the statement that makes it. */
    String remember(int connection) {
        String parameter = ParameterSql.literal(parameter(connection));
        return "SELECT pg_catalog.set_config(" + parameter + ", concat(pg_catalog.current_setting(" + parameter
                + ", true), ' " + (dropped ? 'd' : 'e') + "', to_regclass("
                + ParameterSql.literal("pg_temp." + name) + ")::oid), false)";
    }

    /** Said at the commit of a connection that has made some. */
    static String commit(int connection) {
        return EMPTY_OR_DROP.replace("PARAMETER", parameter(connection));
    }

    private static String parameter(int connection) {
        return "isolated.temporary.c" + connection;
    }
}
