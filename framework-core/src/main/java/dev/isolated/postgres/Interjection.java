package dev.isolated.postgres;

import dev.isolated.postgres.Standing.Effect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that the sandbox says to the server, unseen by the application, in the midst of what the application says.
 * Immutable.
 *
 * @param command the prepared form, where there is one
 * @param sql the text; empty where nothing is said and only the effects count
 * @param effects what its success does to the standing
 * @param done what else follows from its success
 */
record Interjection(@Nullable Command command, String sql, List<Effect> effects, Runnable done) {

    static Interjection sql(String sql) {
        return sql(sql, Expected.NOTHING);
    }

    static Interjection sql(String sql, Runnable done) {
        return new Interjection(null, sql, List.of(), done);
    }

    /** No words, only what follows from those before. */
    static Interjection effect(Effect effect) {
        return new Interjection(null, "", List.of(effect), Expected.NOTHING);
    }
}
