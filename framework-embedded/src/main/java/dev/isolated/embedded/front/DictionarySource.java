package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import dev.isolated.embedded.front.Lexer.Kind;
import dev.isolated.embedded.front.Lexer.Token;
import java.util.List;
import java.util.Locale;

/** What a dictionary reads from the engine itself, which it does with all rights. Stateless. */
final class DictionarySource {

    private DictionarySource() {}

    /** Fails where a dictionary could read another's tables: it has to name a database of its own, and a table. */
    static void requireOwn(Account account, List<Token> tokens) throws EngineException {
        for (int at = 0; at + 2 < tokens.size(); at++) {
            if (tokens.get(at).isWord("SOURCE") && tokens.get(at + 1).is('(') && isEngine(tokens.get(at + 2))) {
                requireOwn(account, tokens, at + 3);
            }
        }
    }

    /** A name with an escape may be any. */
    private static boolean isEngine(Token name) {
        return name.names()
                && (name.text().equalsIgnoreCase("CLICKHOUSE") || name.text().contains("\\"));
    }

    private static void requireOwn(Account account, List<Token> tokens, int from) throws EngineException {
        boolean own = false;
        int at = from;
        boolean listed = at < tokens.size() && tokens.get(at).is('(');
        for (at++; listed && at + 1 < tokens.size() && !tokens.get(at).is(')'); at += 2) {
            String key = tokens.get(at).names() ? tokens.get(at).text().toUpperCase(Locale.ROOT) : "";
            Token value = tokens.get(at + 1);
            boolean plain = value.kind() != Kind.OTHER && value.text().matches("\\w+");
            boolean followed = at + 2 < tokens.size() && tokens.get(at + 2).is('(');
            boolean database =
                    key.equals("DB") && value.text().toLowerCase(Locale.ROOT).startsWith(account.prefix());
            if (!plain || followed || !(database || key.equals("TABLE"))) {
                throw denied(account, key + " " + value.text());
            }
            own |= database;
        }
        if (!own) {
            throw denied(account, "none");
        }
    }

    private static EngineException denied(Account account, String found) {
        return EngineException.denied(account.name()
                + ": a dictionary of the embedded engine reads tables of the test's own database, by DB and TABLE"
                + " alone; found " + found);
    }
}
