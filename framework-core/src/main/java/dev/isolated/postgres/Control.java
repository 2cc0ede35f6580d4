package dev.isolated.postgres;

import java.util.regex.Pattern;

/**
 * What a statement means for the sandbox, found from its text. Most statements are {@link Kind#PLAIN} and go to the
 * server as they are. Immutable.
 *
 * @param tag the command tag that PostgreSQL answers it with, where the sandbox answers in its place
 * @param what why it is refused, for {@link Kind#REFUSED}; else the command, as the server's messages name it
 * @param readOnly whether it makes a transaction read-only
 * @param taints whether its effect may outlive a rollback, so that the connection is renewed before the next test
 */
record Control(Kind kind, String tag, String what, boolean readOnly, boolean taints) {

    static final Control PLAIN = of(Kind.PLAIN, "");
    private static final Control TAINTS = new Control(Kind.PLAIN, "", "", false, true);
    private static final Pattern SET_CONFIG = Pattern.compile("set_config", Pattern.CASE_INSENSITIVE);

    enum Kind {
        PLAIN,
        BEGIN,
        COMMIT,
        ROLLBACK,
        /** {@code SAVEPOINT}, which in a transaction's first unit needs the unit's own savepoint beneath it. */
        SAVEPOINT,
        /** {@code SET TRANSACTION}, which needs it too, for that is what undoes it. */
        SET_TRANSACTION,
        /** Fails outside of a transaction block. */
        BLOCK_ONLY,
        /** Does nothing outside of a transaction block, with a warning. */
        BLOCK_LOCAL,
        /** Uses cursors, which end with their transaction; fails outside of a transaction block. */
        DECLARE,
        /** Uses a cursor that may have been opened by a function. */
        CURSOR,
        DEALLOCATE_ALL,
        /** Cannot be represented in a transaction that is never committed. */
        REFUSED
    }

    /** Whether cursors may be open afterwards, given whether some may have been before. */
    boolean cursorsAfter(boolean before) {
        return switch (kind) {
            case CURSOR, DECLARE -> true;
            case COMMIT, ROLLBACK -> false;
            default -> before;
        };
    }

    /** What the text of one statement means. */
    static Control of(String sql) {
        var scanner = new SqlScanner(sql);
        String verb = scanner.verb();
        return switch (verb) {
            case "BEGIN" -> begin(scanner, "BEGIN");
            case "START" -> begin(scanner, "START TRANSACTION");
            case "COMMIT", "END" -> finish(scanner, Kind.COMMIT, "COMMIT");
            case "ROLLBACK", "ABORT" -> finish(scanner, Kind.ROLLBACK, "ROLLBACK");
            case "SAVEPOINT" -> named(Kind.SAVEPOINT, "", "SAVEPOINT");
            case "RELEASE" -> named(Kind.BLOCK_ONLY, "", "RELEASE SAVEPOINT");
            case "LOCK" -> named(Kind.BLOCK_ONLY, "", "LOCK TABLE");
            case "DECLARE" -> declare(scanner.words());
            case "FETCH", "MOVE", "CLOSE" -> of(Kind.CURSOR, "");
            case "PREPARE" -> scanner.word().equals("TRANSACTION") ? refused("PREPARE TRANSACTION") : TAINTS;
            case "DEALLOCATE" -> deallocate(scanner);
            case "LISTEN" -> refused("LISTEN (notifications are delivered at a real commit, and there is none)");
            case "CREATE" -> create(scanner, sql);
            case "SET" -> set(scanner.words(), sql);
            case "DO", "CALL", "EXECUTE", "LOAD", "RESET", "REASSIGN" -> TAINTS;
            default -> plain(sql);
        };
    }

    private static Control plain(String sql) {
        return plain(SET_CONFIG.matcher(sql).find());
    }

    /** Nothing but statements that go to the server as they are. */
    static Control plain(boolean taints) {
        return taints ? TAINTS : PLAIN;
    }

    private static Control begin(SqlScanner scanner, String tag) {
        String modes = scanner.words();
        return new Control(Kind.BEGIN, tag, tag, modes.contains("READ ONLY"), false);
    }

    private static Control finish(SqlScanner scanner, Kind kind, String tag) {
        String word = scanner.word();
        if (word.equals("PREPARED")) {
            return refused(tag + " PREPARED");
        }
        if (word.equals("WORK") || word.equals("TRANSACTION")) {
            word = scanner.word();
        }
        if (word.equals("TO")) {
            return named(Kind.BLOCK_ONLY, "", "ROLLBACK TO SAVEPOINT");
        }
        if (word.equals("AND") && scanner.word().equals("CHAIN")) {
            return refused(tag + " AND CHAIN");
        }
        return of(kind, tag);
    }

    private static Control declare(String words) {
        int query = words.indexOf(" FOR ");
        String options = query < 0 ? words : words.substring(0, query + 1);
        return options.contains(" WITH HOLD ")
                ? refused("a cursor WITH HOLD, which is to outlive a commit,")
                : named(Kind.DECLARE, "", "DECLARE CURSOR");
    }

    private static Control create(SqlScanner scanner, String sql) {
        String word = scanner.word();
        if (word.equals("GLOBAL") || word.equals("LOCAL")) {
            word = scanner.word();
        }
        if (word.equals("TEMP") || word.equals("TEMPORARY")) {
            String words = scanner.words();
            if (words.contains(" ON COMMIT D") && words.contains(" IF NOT EXISTS ")) {
                return refused("a temporary table that changes ON COMMIT, made IF NOT EXISTS,");
            }
        }
        return plain(sql);
    }

    private static Control deallocate(SqlScanner scanner) {
        String word = scanner.word();
        if (word.equals("PREPARE")) {
            word = scanner.word();
        }
        return word.equals("ALL") ? of(Kind.DEALLOCATE_ALL, "DEALLOCATE ALL") : PLAIN;
    }

    private static Control set(String words, String sql) {
        boolean custom = sql.contains(".");
        if (words.startsWith("TRANSACTION ")) {
            return new Control(
                    Kind.SET_TRANSACTION,
                    words.contains("ISOLATION LEVEL") ? "SET" : "",
                    "SET TRANSACTION",
                    words.contains("READ ONLY"),
                    false);
        }
        if (words.startsWith("LOCAL ")) {
            return new Control(Kind.BLOCK_LOCAL, "SET", "SET LOCAL", false, custom);
        }
        if (words.startsWith("CONSTRAINTS ")) {
            return named(Kind.BLOCK_LOCAL, "SET CONSTRAINTS", "SET CONSTRAINTS");
        }
        return plain(custom);
    }

    private static Control refused(String reason) {
        return named(Kind.REFUSED, "", reason);
    }

    /** Transaction control among other statements of one simple query. */
    static Control mixed(boolean taints) {
        String reason = "transaction control among other statements of one simple query";
        return new Control(Kind.REFUSED, "", reason, false, taints);
    }

    private static Control of(Kind kind, String tag) {
        return named(kind, tag, "");
    }

    private static Control named(Kind kind, String tag, String what) {
        return new Control(kind, tag, what, false, false);
    }
}
