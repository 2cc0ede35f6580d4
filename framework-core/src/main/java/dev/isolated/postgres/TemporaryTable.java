package dev.isolated.postgres;

import org.jspecify.annotations.Nullable;

/**
 * A temporary table that a commit drops or empties. Immutable.
 *
 * @param name as it is written, with quotes
 * @param dropped whether a commit drops it; else it empties it
 */
record TemporaryTable(String name, boolean dropped) {

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
}
