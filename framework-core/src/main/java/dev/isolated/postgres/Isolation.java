package dev.isolated.postgres;

import java.util.List;
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

    /** What the sandbox says to begin its transaction; at the weaker levels it is what a server begins by itself. */
    List<Command> beginning() {
        return switch (this) {
            case READ_UNCOMMITTED, READ_COMMITTED -> List.of(Command.BEGIN);
            case REPEATABLE_READ -> List.of(Command.BEGIN, Command.REPEATABLE_READ);
            case SERIALIZABLE -> List.of(Command.BEGIN, Command.SERIALIZABLE);
        };
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
