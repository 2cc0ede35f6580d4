package dev.isolated.postgres;

/**
 * What a statement means for the sandbox, found from its text. Most statements are {@link Kind#PLAIN} and go to the
 * server as they are. Immutable.
 *
 * @param tag the command tag that PostgreSQL answers it with, where the sandbox answers in its place
 * @param readOnly whether it begins a read-only transaction
 * @param reason why it is refused, for {@link Kind#REFUSED}; what needs a transaction block, for {@link Kind#BLOCK_ONLY}
 */
record Control(Kind kind, String tag, boolean readOnly, String reason) {

    static final Control PLAIN = of(Kind.PLAIN, "");
    private static final Control TAINTS = of(Kind.TAINTING, "");

    enum Kind {
        PLAIN,
        /** Plain, but its effect may outlive a rollback: the connection is renewed before the next test. */
        TAINTING,
        BEGIN,
        COMMIT,
        ROLLBACK,
        /** {@code SAVEPOINT}, which in a transaction's first unit needs the unit's own savepoint beneath it. */
        SAVEPOINT,
        /** Fails outside of a transaction block. */
        BLOCK_ONLY,
        DEALLOCATE_ALL,
        /** Cannot be represented in a transaction that is never committed. */
        REFUSED
    }

    /** What the text of one statement means. */
    static Control of(String sql) {
        var scanner = new SqlScanner(sql);
        String verb = scanner.word();
        return switch (verb) {
            case "BEGIN" -> begin(scanner, "BEGIN");
            case "START" -> begin(scanner, "START TRANSACTION");
            case "COMMIT", "END" -> finish(scanner, Kind.COMMIT, "COMMIT");
            case "ROLLBACK", "ABORT" -> finish(scanner, Kind.ROLLBACK, "ROLLBACK");
            case "SAVEPOINT" -> new Control(Kind.SAVEPOINT, "", false, "SAVEPOINT");
            case "RELEASE" -> new Control(Kind.BLOCK_ONLY, "", false, "RELEASE SAVEPOINT");
            case "LOCK" -> new Control(Kind.BLOCK_ONLY, "", false, "LOCK TABLE");
            case "PREPARE" -> scanner.word().equals("TRANSACTION") ? refused("PREPARE TRANSACTION") : TAINTS;
            case "DEALLOCATE" -> deallocate(scanner);
            case "LISTEN" -> refused("LISTEN (notifications are delivered at a real commit, and there is none)");
            case "SET" -> set(scanner, sql);
            case "DO", "CALL", "EXECUTE", "LOAD", "RESET", "REASSIGN" -> TAINTS;
            default -> sql.contains("set_config") ? TAINTS : PLAIN;
        };
    }

    private static Control begin(SqlScanner scanner, String tag) {
        String modes = scanner.words();
        if (aboveReadCommitted(modes)) {
            return refused("a transaction at an isolation level above READ COMMITTED");
        }
        return new Control(Kind.BEGIN, tag, modes.contains("READ ONLY"), "");
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
            return new Control(Kind.BLOCK_ONLY, "", false, "ROLLBACK TO SAVEPOINT");
        }
        if (word.equals("AND") && scanner.word().equals("CHAIN")) {
            return refused(tag + " AND CHAIN");
        }
        return of(kind, tag);
    }

    private static Control deallocate(SqlScanner scanner) {
        String word = scanner.word();
        if (word.equals("PREPARE")) {
            word = scanner.word();
        }
        return word.equals("ALL") ? of(Kind.DEALLOCATE_ALL, "DEALLOCATE ALL") : PLAIN;
    }

    private static Control set(SqlScanner scanner, String sql) {
        String words = scanner.words();
        if (words.contains("TRANSACTION ") && aboveReadCommitted(words)) {
            return refused("an isolation level above READ COMMITTED");
        }
        return sql.contains(".") ? TAINTS : PLAIN;
    }

    private static boolean aboveReadCommitted(String modes) {
        return modes.contains("SERIALIZABLE") || modes.contains("REPEATABLE READ");
    }

    private static Control refused(String reason) {
        return new Control(Kind.REFUSED, "", false, reason);
    }

    private static Control of(Kind kind, String tag) {
        return new Control(kind, tag, false, "");
    }
}
