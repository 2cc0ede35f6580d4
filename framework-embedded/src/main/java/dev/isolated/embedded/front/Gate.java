package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses what the engine's own roles would let pass. Stateless. */
final class Gate {

    private static final Pattern MARK = Pattern.compile("\\bquery_cache_tag\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern ENGINE_SOURCE =
            Pattern.compile("SOURCE\\s*\\(\\s*CLICKHOUSE\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern FOREIGN = Pattern.compile(
            "\\b(?:DB|DATABASE)\\s+'?`?\"?(\\w+)|\\b(QUERY|HOST|USER|WHERE|INVALIDATE_QUERY)\\s+['\"`\\w]",
            Pattern.CASE_INSENSITIVE);
    /** Longer ones are rows; those the engine reads to the end of the first statement. */
    private static final int LONGEST_COUNTED = 1 << 18;

    private Gate() {}

    /** Fails where a statement may not be run. */
    static void require(Account account, Statement statement, EngineConnection connection) throws EngineException {
        requireOne(statement, connection);
        List<String> words = statement.words();
        String first = words.isEmpty() ? "" : words.get(0);
        if (account.administrator()) {
            return;
        }
        if ((first.equals("SET") && words.contains("ROLE")) || first.equals("EXECUTE")) {
            throw EngineException.denied(account.name() + ": Not enough privileges. A test keeps its role");
        }
        if (!words.contains("VALUES") && MARK.matcher(statement.text()).find()) {
            throw EngineException.denied(
                    account.name() + ": the embedded engine knows by query_cache_tag whose a query is");
        }
        if (first.equals("CREATE") || first.equals("ATTACH") || first.equals("REPLACE")) {
            requireOwnSource(account, statement);
        }
    }

    private static void requireOne(Statement statement, EngineConnection connection) throws EngineException {
        if (statement.kind() != Statement.Kind.INSERT
                && statement.sql().length < LONGEST_COUNTED
                && connection.statements(statement.sql()) > 1) {
            throw EngineException.refused(
                    EngineException.SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed");
        }
    }

    /** What a dictionary reads from the engine itself it reads with all rights. */
    private static void requireOwnSource(Account account, Statement statement) throws EngineException {
        String text = statement.text();
        Matcher source = ENGINE_SOURCE.matcher(text);
        if (!source.find()) {
            return;
        }
        Matcher foreign = FOREIGN.matcher(text);
        for (int from = source.end(); foreign.find(from); from = foreign.end()) {
            if (foreign.group(1) == null || !foreign.group(1).startsWith(account.prefix())) {
                throw EngineException.denied(account.name()
                        + ": a dictionary of the embedded engine reads tables of the test's own database, by DB and"
                        + " TABLE alone; found " + foreign.group());
            }
        }
    }
}
