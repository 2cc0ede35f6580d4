package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses, or puts otherwise, what the engine's own roles would let pass. Stateless. */
final class Gate {

    private static final Pattern QUERY_ID = Pattern.compile(
            "\\s*KILL\\s+QUERY\\s+WHERE\\s+query_id\\s*=\\s*'([^'\\\\]*)'\\s*(SYNC|ASYNC)?\\s*;?\\s*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern USER = Pattern.compile(
            "\\s*KILL\\s+QUERY\\s+WHERE\\s+user\\s*=\\s*'(\\w+)'\\s*(SYNC|ASYNC)?\\s*;?\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ENGINE_SOURCE =
            Pattern.compile("SOURCE\\s*\\(\\s*CLICKHOUSE\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern FOREIGN = Pattern.compile(
            "\\b(?:DB|DATABASE)\\s+'?`?\"?(\\w+)|\\b(QUERY|HOST|USER|WHERE|INVALIDATE_QUERY)\\s+['\"`\\w]",
            Pattern.CASE_INSENSITIVE);
    /** Longer ones are rows; those the engine reads to the end of the first statement. */
    private static final int LONGEST_COUNTED = 1 << 18;

    private Gate() {}

    /** The statement as it may be run; fails where it may not. */
    static Statement admitted(Account account, Statement statement, EngineConnection connection)
            throws EngineException {
        requireOne(statement, connection);
        List<String> words = statement.words();
        String first = words.isEmpty() ? "" : words.get(0);
        if (first.equals("KILL")) {
            return kill(account, statement);
        }
        if (account.administrator()) {
            return statement;
        }
        if ((first.equals("SET") && words.contains("ROLE")) || first.equals("EXECUTE")) {
            throw EngineException.denied(account.name() + ": Not enough privileges. A test keeps its role");
        }
        if (first.equals("CREATE") || first.equals("ATTACH") || first.equals("REPLACE")) {
            requireOwnSource(account, statement);
        }
        return statement;
    }

    private static void requireOne(Statement statement, EngineConnection connection) throws EngineException {
        if (statement.kind() != Statement.Kind.INSERT
                && statement.sql().length < LONGEST_COUNTED
                && connection.statements(statement.sql()) > 1) {
            throw EngineException.refused(
                    EngineException.SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed");
        }
    }

    /** All queries are one user's to the engine; whose each is, says a mark. */
    private static Statement kill(Account account, Statement statement) throws EngineException {
        Matcher id = QUERY_ID.matcher(statement.text());
        if (id.matches()) {
            return statement.as("KILL QUERY WHERE Settings['query_cache_tag'] = '" + account.mark(id.group(1)) + "' "
                    + mode(id.group(2)));
        }
        Matcher user = USER.matcher(statement.text());
        if (user.matches() && (account.administrator() || user.group(1).equals(account.name()))) {
            return statement.as("KILL QUERY WHERE startsWith(Settings['query_cache_tag'], '" + user.group(1) + "/') "
                    + mode(user.group(2)));
        }
        if (statement.words().contains("MUTATION")) {
            return statement;
        }
        throw EngineException.denied(account.name() + ": the embedded engine knows KILL QUERY WHERE query_id = '...'"
                + " and WHERE user = '...', with a user of one's own");
    }

    private static String mode(String mode) {
        return mode == null ? "ASYNC" : mode;
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
