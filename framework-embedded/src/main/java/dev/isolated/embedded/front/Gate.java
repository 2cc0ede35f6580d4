package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import dev.isolated.embedded.front.EngineConnection.Parsed;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses what the engine's own roles would let pass. What a statement is says the engine's parser, and where its parts count,
 * they are looked for in the engine's own way of writing it. Immutable.
 */
final class Gate {

    /** Settings that are nobody's but the front's. */
    private static final Pattern RESERVED = Pattern.compile(
            "\\b(query_cache_tag|validate_mutation_query|default_normal_view_sql_security|default_materialized_view_sql_security"
                    + "|default_view_definer)\\b",
            Pattern.CASE_INSENSITIVE);

    private final Definitions definitions;

    Gate(Definitions definitions) {
        this.definitions = definitions;
    }

    /** Fails where a statement may not be run. */
    void require(Account account, Request request, Statement statement, EngineConnection connection)
            throws EngineException {
        Parsed parsed = connection.parsed(statement.whole());
        requireOne(parsed, statement, connection);
        if (parsed.changes() && !request.mayChange()) {
            throw EngineException.refused(
                    EngineException.READONLY,
                    "READONLY",
                    "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should"
                            + " use method POST for modifying queries");
        }
        if (parsed.changes() || parsed.controls()) {
            requireNoInfile(statement, connection);
        }
        if (parsed.controls()) {
            requireHarmless(account, statement, connection.canonical(statement.whole()));
        }
        if (account.administrator()) {
            return;
        }
        requireNoReserved(account, statement, connection);
        if (parsed.changes() && !statement.inserts()) {
            definitions.require(account, request, connection.canonical(statement.sql()), connection);
        }
    }

    private static void requireOne(Parsed parsed, Statement statement, EngineConnection connection)
            throws EngineException {
        if (parsed.statements() > 1) {
            throw EngineException.refused(
                    EngineException.SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed");
        }
        if (parsed.statements() == 0) {
            // The engine would run what stands before that which it does not understand.
            var unused = connection.canonical(statement.sql());
            throw EngineException.refused(
                    EngineException.SYNTAX_ERROR, "SYNTAX_ERROR", "the embedded engine does not know this statement");
        }
    }

    /** A table may be called like a word that comes before rows, so only the engine knows where it is to read. */
    private static void requireNoInfile(Statement statement, EngineConnection connection) throws EngineException {
        if (statement.contains("INFILE")
                && connection.canonical(headOf(statement)).says(" FROM INFILE ")) {
            throw noFiles("INFILE");
        }
    }

    /** Rows are left out, which may be many; the engine takes an insert without them. */
    private static byte[] headOf(Statement statement) {
        return statement.kind() == Statement.Kind.INSERT
                ? statement.whole()
                : statement.head().getBytes(Statement.BYTES);
    }

    /** What acts on the session, on queries or on files. */
    private static void requireHarmless(Account account, Statement statement, Canonical canonical)
            throws EngineException {
        if (!canonical.begins("SET ") && canonical.says(" INTO OUTFILE ")) {
            throw noFiles("INTO OUTFILE");
        }
        if (account.administrator()) {
            return;
        }
        if (canonical.begins("SET ROLE") || canonical.begins("SET DEFAULT ROLE") || canonical.begins("EXECUTE")) {
            throw EngineException.denied(account.name() + ": Not enough privileges. A test keeps its role");
        }
        if (canonical.begins("KILL") && !statement.begins(List.of("KILL"))) {
            throw EngineException.denied(account.name() + ": a statement that ends queries begins with KILL");
        }
    }

    /** What a test may not set. */
    private static void requireNoReserved(Account account, Statement statement, EngineConnection connection)
            throws EngineException {
        String head = statement.head();
        // A name can be written with escapes, which the engine's own way of writing it has not.
        String settings =
                head.indexOf('\\') >= 0 && head.toUpperCase(Locale.ROOT).contains("SET")
                        ? connection.canonical(head.getBytes(Statement.BYTES)).text()
                        : head;
        Matcher reserved = RESERVED.matcher(settings);
        if (reserved.find()) {
            throw EngineException.denied(
                    account.name() + ": " + reserved.group()
                            + " is the embedded engine's own; it knows by that whose a query is, or with whose rights something is read");
        }
    }

    private static EngineException noFiles(String words) {
        return EngineException.refused(
                EngineException.SYNTAX_ERROR,
                "SYNTAX_ERROR",
                words + " is for clients that are beside their files; send or take the data in the request");
    }
}
