package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import dev.isolated.embedded.front.EngineConnection.Parsed;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses what the engine's own roles would let pass. What a statement is says the engine's parser, and where its parts count,
 * they are looked for in the engine's own way of writing it. Stateless.
 */
final class Gate {

    private static final Set<String> MAKES = Set.of("CREATE", "ATTACH", "REPLACE", "ALTER");

    private static final Pattern INFILE = Pattern.compile("\\bINFILE\\b", Pattern.CASE_INSENSITIVE);

    /** Settings that are nobody's but the front's. */
    private static final Pattern RESERVED = Pattern.compile(
            "\\b(query_cache_tag|default_normal_view_sql_security|default_materialized_view_sql_security|default_view_definer)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern ENGINE_SOURCE = Pattern.compile("SOURCE\\(CLICKHOUSE\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern DATABASE =
            Pattern.compile("\\b(?:DB|DATABASE)\\s+['`\"]?(\\w+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern ELSEWHERE =
            Pattern.compile("\\b(QUERY|HOST|USER|WHERE|INVALIDATE_QUERY)\\s+['\"`\\w]", Pattern.CASE_INSENSITIVE);

    private Gate() {}

    /** Fails where a statement may not be run. */
    static void require(Account account, Request request, Statement statement, EngineConnection connection)
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
        requireNoInfile(statement, connection);
        if (parsed.controls()) {
            requireHarmless(account, statement, connection.canonical(statement.whole()));
        }
        if (!account.administrator()) {
            requireOwn(account, statement, connection);
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
        if (statement.begins(List.of("INSERT"))
                && INFILE.matcher(statement.text()).find()
                && connection.canonical(statement.whole()).contains(" FROM INFILE ")) {
            throw noFiles("INFILE");
        }
    }

    /** What acts on the session, on queries or on files. */
    private static void requireHarmless(Account account, Statement statement, String canonical) throws EngineException {
        if (!canonical.startsWith("SET ") && canonical.contains(" INTO OUTFILE ")) {
            throw noFiles("INTO OUTFILE");
        }
        if (account.administrator()) {
            return;
        }
        if (canonical.startsWith("SET ROLE")
                || canonical.startsWith("SET DEFAULT ROLE")
                || canonical.startsWith("EXECUTE")) {
            throw EngineException.denied(account.name() + ": Not enough privileges. A test keeps its role");
        }
        if (canonical.startsWith("KILL") && !statement.begins(List.of("KILL"))) {
            throw EngineException.denied(account.name() + ": a statement that ends queries begins with KILL");
        }
    }

    private static void requireOwn(Account account, Statement statement, EngineConnection connection)
            throws EngineException {
        String head = statement.head();
        // A name can be written with escapes, which the engine's own way of writing it has not.
        String settings =
                head.indexOf('\\') >= 0 && head.toUpperCase(Locale.ROOT).contains("SET")
                        ? connection.canonical(head.getBytes(Statement.BYTES))
                        : head;
        Matcher reserved = RESERVED.matcher(settings);
        if (reserved.find()) {
            throw EngineException.denied(
                    account.name() + ": " + reserved.group()
                            + " is the embedded engine's own; it knows by that whose a query is, or with whose rights a view reads");
        }
        if (!statement.words().isEmpty() && MAKES.contains(statement.words().get(0))) {
            String text = head.toUpperCase(Locale.ROOT);
            if (text.contains("DICTIONARY") || text.contains("DEFINER")) {
                requireOwnRights(account, connection.canonical(statement.sql()));
            }
        }
    }

    /** What the engine does for itself or for a definer it does with all rights. */
    private static void requireOwnRights(Account account, String canonical) throws EngineException {
        if (canonical.contains("SQL SECURITY DEFINER")) {
            throw EngineException.denied(
                    account.name()
                            + ": the embedded engine has one user, whose rights a definer would have; use SQL SECURITY INVOKER");
        }
        Matcher source = ENGINE_SOURCE.matcher(canonical);
        if (!source.find()) {
            return;
        }
        Matcher database = DATABASE.matcher(canonical);
        boolean own = database.find(source.end()) && database.group(1).startsWith(account.prefix());
        while (own && database.find()) {
            own = database.group(1).startsWith(account.prefix());
        }
        if (!own || ELSEWHERE.matcher(canonical).find(source.end())) {
            throw EngineException.denied(account.name()
                    + ": a dictionary of the embedded engine reads tables of the test's own database, by DB and"
                    + " TABLE alone; found " + canonical.substring(source.start()));
        }
    }

    private static EngineException noFiles(String words) {
        return EngineException.refused(
                EngineException.SYNTAX_ERROR,
                "SYNTAX_ERROR",
                words + " is for clients that are beside their files; send or take the data in the request");
    }
}
