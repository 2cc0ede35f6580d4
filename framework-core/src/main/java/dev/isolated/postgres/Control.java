package dev.isolated.postgres;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a statement means for the sandbox, found from its text. Most statements are {@link Kind#PLAIN} and go to the
 * server as they are. Immutable.
 *
 * @param tag the command tag that PostgreSQL answers it with, where the sandbox answers in its place
 * @param what why it is refused, for {@link Kind#REFUSED}; else the command, as the server's messages name it
 * @param savepoint which savepoint it names, if any
 * @param readOnly whether it makes a transaction read-only
 * @param taints whether its effect may outlive a rollback, so that the connection is renewed before the next test
 */
record Control(Kind kind, String tag, String what, String savepoint, boolean readOnly, boolean taints) {

    static final Control PLAIN = of(Kind.PLAIN, "");
    private static final Control TAINTS = new Control(Kind.PLAIN, "", "", "", false, true);
    /** What the names of the sandbox's savepoints begin with. */
    private static final String OWN = "isolated:";

    /** In front of it, neither of the two words changes anything. */
    private static final Pattern OF_TRANSACTION = Pattern.compile("(LOCAL |SESSION )?TRANSACTION ");

    private static final Pattern SETS = Pattern.compile("set_config|setseed", Pattern.CASE_INSENSITIVE);

    private static final Pattern SEED = Pattern.compile("(LOCAL |SESSION )?SEED ");

    /** What has settings for the connections that begin there. */
    private static final Set<String> DEFAULTING = Set.of("DATABASE", "ROLE", "USER");

    enum Kind {
        PLAIN,
        BEGIN,
        COMMIT,
        ROLLBACK,
        /** {@code COMMIT AND CHAIN}: the next transaction begins at once, and is like the one that ends. */
        COMMIT_AND_CHAIN,
        ROLLBACK_AND_CHAIN,
        /** {@code SAVEPOINT}, which in a transaction's first unit needs the unit's own savepoint beneath it. */
        SAVEPOINT,
        RELEASE,
        ROLLBACK_TO,
        /** {@code SET TRANSACTION}, which needs it too, for that is what undoes it. */
        SET_TRANSACTION,
        /** Fails outside of a transaction block, which several statements of one simple query are. */
        BLOCK_ONLY,
        /** Outside of a transaction block it holds up to the next {@code Sync}, with a warning. */
        BLOCK_LOCAL,
        /** Changes a setting of the session. */
        SETTING,
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
            case COMMIT, COMMIT_AND_CHAIN, ROLLBACK, ROLLBACK_AND_CHAIN -> false;
            default -> before;
        };
    }

    /** Whether statements up to the next {@code Sync} are an implicit block afterwards, given whether they were before. */
    boolean pipelinedAfter(boolean before) {
        return switch (kind) {
            case COMMIT, COMMIT_AND_CHAIN, ROLLBACK, ROLLBACK_AND_CHAIN -> false;
            case BEGIN, SAVEPOINT, RELEASE, ROLLBACK_TO -> before;
            default -> true;
        };
    }

    /** Whether the next transaction begins at once, and is like the one that ends. */
    boolean chains() {
        return kind == Kind.COMMIT_AND_CHAIN || kind == Kind.ROLLBACK_AND_CHAIN;
    }

    /** Whether only the savepoint beneath the unit undoes it, or lets it be undone. */
    boolean needsSavepoint() {
        return kind == Kind.SAVEPOINT || kind == Kind.SET_TRANSACTION;
    }

    /** Whether it ends a transaction that is to be kept. */
    boolean commits() {
        return kind == Kind.COMMIT || kind == Kind.COMMIT_AND_CHAIN;
    }

    /** Whether it goes back to a savepoint, or has it go. */
    boolean returnsTo() {
        return kind == Kind.ROLLBACK_TO || kind == Kind.RELEASE;
    }

    /** Whether it undoes a transaction, given whether that has failed. */
    boolean undoes(boolean failed) {
        return switch (kind) {
            case ROLLBACK, ROLLBACK_AND_CHAIN -> true;
            case COMMIT, COMMIT_AND_CHAIN -> failed;
            default -> false;
        };
    }

    /** Whether a setting may be another one afterwards. */
    boolean changesSettings() {
        return taints || kind == Kind.SETTING || kind == Kind.BLOCK_LOCAL;
    }

    /** Whether the server has it as it is, wherever it stands. */
    boolean plain() {
        return kind == Kind.PLAIN || kind == Kind.SETTING;
    }

    /** Whether it is content with the block that several statements are which are sent as one. */
    boolean contentWithImplicitBlock() {
        return switch (kind) {
            case SET_TRANSACTION, BLOCK_ONLY, BLOCK_LOCAL, DECLARE -> true;
            default -> false;
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
            case "SAVEPOINT" -> savepoint(Kind.SAVEPOINT, "SAVEPOINT", scanner);
            case "RELEASE" -> savepoint(Kind.RELEASE, "RELEASE SAVEPOINT", scanner);
            case "LOCK" -> named(Kind.BLOCK_ONLY, "", "LOCK TABLE");
            case "DECLARE" -> declare(scanner.words());
            case "FETCH", "MOVE", "CLOSE" -> of(Kind.CURSOR, "");
            case "PREPARE" -> scanner.word().equals("TRANSACTION") ? refused("PREPARE TRANSACTION") : TAINTS;
            case "DEALLOCATE" -> deallocate(scanner);
            case "LISTEN" -> refused("LISTEN (notifications are delivered at a real commit, and there is none)");
            case "CREATE" -> create(scanner, sql);
            case "ALTER" -> alter(scanner, sql);
            case "SET" -> set(scanner.words(), sql);
            case "DO", "CALL", "EXECUTE", "LOAD", "RESET", "REASSIGN" -> TAINTS;
            default -> plain(sql);
        };
    }

    private static Control plain(String sql) {
        return plain(SETS.matcher(sql).find());
    }

    /** What statements that go to the server as they are mean together. */
    static Control together(Stream<Control> plain) {
        return plain.reduce(PLAIN, Control::and);
    }

    private Control and(Control other) {
        Kind both = kind == Kind.SETTING ? kind : other.kind;
        return new Control(both, "", "", "", false, taints || other.taints);
    }

    private static Control plain(boolean taints) {
        return taints ? TAINTS : PLAIN;
    }

    private static Control begin(SqlScanner scanner, String tag) {
        String modes = scanner.words();
        return new Control(Kind.BEGIN, tag, tag, "", modes.contains("READ ONLY"), false);
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
            return savepoint(Kind.ROLLBACK_TO, "ROLLBACK TO SAVEPOINT", scanner);
        }
        if (word.equals("AND") && scanner.word().equals("CHAIN")) {
            Kind chain = kind == Kind.COMMIT ? Kind.COMMIT_AND_CHAIN : Kind.ROLLBACK_AND_CHAIN;
            return named(chain, tag, tag + " AND CHAIN");
        }
        return of(kind, tag);
    }

    /** The word {@code SAVEPOINT} may stand before its name, and may be its name. */
    private static Control savepoint(Kind kind, String what, SqlScanner scanner) {
        String name = scanner.identifier();
        String second = kind != Kind.SAVEPOINT && name.equals("savepoint") ? scanner.identifier() : "";
        String savepoint = second.isEmpty() ? name : second;
        return savepoint.startsWith(OWN)
                ? refused("a savepoint whose name begins with " + OWN)
                : new Control(kind, "", what, savepoint, false, false);
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

    /** What a database or a role sets is looked up when a connection begins, of what is committed then. */
    private static Control alter(SqlScanner scanner, String sql) {
        String what = scanner.word();
        if (!DEFAULTING.contains(what)) {
            return plain(sql);
        }
        scanner.identifier();
        String next = scanner.word();
        if (next.equals("IN")) {
            scanner.word();
            scanner.identifier();
            next = scanner.word();
        }
        boolean sets =
                next.equals("RESET") || (next.equals("SET") && !scanner.word().equals("TABLESPACE"));
        return sets
                ? refused(
                        "ALTER " + what + " ... " + next + " (it holds for connections that begin after a real commit)")
                : plain(sql);
    }

    private static Control deallocate(SqlScanner scanner) {
        String word = scanner.word();
        if (word.equals("PREPARE")) {
            word = scanner.word();
        }
        return word.equals("ALL") ? of(Kind.DEALLOCATE_ALL, "DEALLOCATE ALL") : PLAIN;
    }

    private static Control set(String words, String sql) {
        boolean custom = sql.contains(".") || SEED.matcher(words).lookingAt();
        if (OF_TRANSACTION.matcher(words).lookingAt()) {
            return new Control(
                    Kind.SET_TRANSACTION,
                    words.contains("ISOLATION LEVEL") ? "SET" : "",
                    "SET TRANSACTION",
                    "",
                    words.contains("READ ONLY"),
                    false);
        }
        if (words.startsWith("LOCAL ")) {
            return new Control(Kind.BLOCK_LOCAL, "SET", "SET LOCAL", "", false, custom);
        }
        if (words.startsWith("CONSTRAINTS ")) {
            return named(Kind.BLOCK_LOCAL, "SET CONSTRAINTS", "SET CONSTRAINTS");
        }
        return new Control(Kind.SETTING, "", "SET", "", false, custom);
    }

    private static Control refused(String reason) {
        return named(Kind.REFUSED, "", reason);
    }

    private static Control of(Kind kind, String tag) {
        return named(kind, tag, "");
    }

    private static Control named(Kind kind, String tag, String what) {
        return new Control(kind, tag, what, "", false, false);
    }
}
