package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import dev.isolated.embedded.front.EngineConnection.Analysis;
import dev.isolated.embedded.front.Lexer.Kind;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Refuses what the engine's own roles would let pass. Stateless. */
final class Gate {

    private static final List<String> TO_FILE = List.of("INTO", "OUTFILE");
    private static final List<String> FROM_FILE = List.of("FROM", "INFILE");
    private static final List<String> DEFINER = List.of("SQL", "SECURITY", "DEFINER");
    private static final Set<String> MAKES = Set.of("CREATE", "ATTACH", "REPLACE", "ALTER");

    private static final Set<String> OF_THE_SESSION = Set.of("SET", "USE");

    /** Rows that cannot be read may have another statement behind them. */
    private static final Pattern FURTHER = Pattern.compile(";\\s*\\S");

    private Gate() {}

    /** Fails where a statement may not be run. */
    static void require(Account account, Request request, Statement statement, EngineConnection connection)
            throws EngineException {
        requireNoFile(statement);
        if (statement.kind() == Statement.Kind.INSERT) {
            requireWritable(account, request, statement);
        } else {
            Analysis analysis = connection.analysis(statement.sql());
            requireOne(statement, analysis, connection);
            if (!analysis.reads()) {
                requireWritable(account, request, statement);
            }
        }
        if (!account.administrator()) {
            requireOwnRole(account, statement);
            if (MAKES.contains(statement.word(0))) {
                requireNoDefiner(account, statement);
                DictionarySource.requireOwn(account, statement.tokens());
            }
        }
    }

    /** Of several, the engine would run those before the first that it cannot read. */
    private static void requireOne(Statement statement, Analysis analysis, EngineConnection connection)
            throws EngineException {
        if (analysis.statements() == 1) {
            return;
        }
        boolean rows = statement.kind() == Statement.Kind.VALUES;
        if (analysis.statements() == 0 && !rows) {
            // Begun like this it is read as one statement, and the engine says where it cannot be.
            connection.stream(statement.sql(), "Null").close();
        }
        if (!rows
                || analysis.statements() > 1
                || FURTHER.matcher(statement.text()).find()) {
            throw EngineException.refused(
                    EngineException.SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed");
        }
    }

    /** Those words are done by the client that the engine's library is, with all rights of its process. */
    private static void requireNoFile(Statement statement) throws EngineException {
        for (int at = 0; at + 2 < statement.tokens().size(); at++) {
            if ((statement.has(TO_FILE, at) || statement.has(FROM_FILE, at))
                    && statement.tokens().get(at + 2).kind() == Kind.STRING) {
                throw EngineException.refused(
                        EngineException.NOT_IMPLEMENTED,
                        "NOT_IMPLEMENTED",
                        statement.word(at) + " " + statement.word(at + 1)
                                + " is not allowed over HTTP: files are the client's");
            }
        }
    }

    private static void requireWritable(Account account, Request request, Statement statement) throws EngineException {
        boolean session = OF_THE_SESSION.contains(statement.word(0)) && !request.is("readonly");
        if (request.isReadOnly() && !session) {
            throw EngineException.refused(
                    EngineException.READONLY,
                    "READONLY",
                    account.name()
                            + ": Cannot execute query in readonly mode. For queries over HTTP, method GET implies"
                            + " readonly. You should use method POST for modifying queries.");
        }
    }

    private static void requireOwnRole(Account account, Statement statement) throws EngineException {
        boolean sets =
                statement.word(0).equals("SET") && statement.tokens().stream().anyMatch(it -> it.isWord("ROLE"));
        if (sets || statement.word(0).equals("EXECUTE")) {
            throw EngineException.denied(account.name() + ": Not enough privileges. A test keeps its role");
        }
    }

    /** All are one user to the engine, who may take every role. */
    private static void requireNoDefiner(Account account, Statement statement) throws EngineException {
        for (int at = 0; at < statement.tokens().size(); at++) {
            boolean named = statement.word(at).equals("DEFINER")
                    && at + 1 < statement.tokens().size()
                    && statement.tokens().get(at + 1).is('=')
                    && statement.tokens().get(at).depth() == 0;
            if (named || statement.has(DEFINER, at)) {
                throw EngineException.denied(account.name()
                        + ": a view of the embedded engine runs with the rights of who uses it, SQL SECURITY INVOKER;"
                        + " a column with the name definer is written in quotes");
            }
        }
    }
}
