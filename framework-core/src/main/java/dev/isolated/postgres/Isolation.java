package dev.isolated.postgres;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far apart a server keeps transactions, from the weakest on. */
enum Isolation {
    READ_UNCOMMITTED,
    READ_COMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE;

    /** The strongest level that a text mentions, in capitals; null where it mentions none. */
    static @Nullable Isolation mentioned(String words) {
        Isolation found = null;
        for (Isolation level : values()) {
            found = words.contains(level.sql()) ? level : found;
        }
        return found;
    }

    boolean above(Isolation other) {
        return compareTo(other) > 0;
    }

    /** As it is written in SQL. */
    String sql() {
        return name().replace('_', ' ');
    }

    /** As it is written in the settings. */
    String setting() {
        return name().replace('_', '-').toLowerCase(Locale.ROOT);
    }
}
