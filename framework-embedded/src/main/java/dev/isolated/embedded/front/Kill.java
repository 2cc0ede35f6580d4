package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import dev.isolated.embedded.front.Lexer.Kind;
import dev.isolated.embedded.front.Lexer.Token;
import dev.isolated.embedded.front.Requests.Running;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A statement that ends queries. All queries are one user's to the engine; whose each is, knows the front. Immutable.
 *
 * @param whose which requests are meant
 * @param sync whether the answer waits until they have ended
 */
record Kill(Predicate<Running> whose, boolean sync) {

    private static final List<String> BEGINNING = List.of("KILL", "QUERY", "WHERE");
    private static final int COLUMN = BEGINNING.size();
    private static final int VALUE = COLUMN + 2;

    /** What a statement says, where it is about queries; fails where it is about those of others. */
    static Optional<Kill> asked(Account asker, Statement statement) throws EngineException {
        if (!statement.word(0).equals("KILL") || statement.word(1).equals("MUTATION")) {
            return Optional.empty();
        }
        String mode = mode(statement);
        if (isCondition(statement) && List.of("", "SYNC", "ASYNC").contains(mode)) {
            boolean sync = mode.equals("SYNC");
            String value = statement.tokens().get(VALUE).text();
            if (statement.word(COLUMN).equals("QUERY_ID")) {
                return Optional.of(new Kill(it -> it.has(asker, value), sync));
            }
            if (statement.word(COLUMN).equals("USER") && (asker.administrator() || value.equals(asker.name()))) {
                return Optional.of(new Kill(it -> it.isOf(value), sync));
            }
        }
        throw EngineException.denied(asker.name() + ": the embedded engine knows KILL QUERY WHERE query_id = '...'"
                + " and WHERE user = '...', with a user of one's own");
    }

    /** Which it is to the engine: a query whose client reads no more ends for it only when its request does. */
    static String sql(List<String> marks) {
        return "KILL QUERY WHERE Settings['query_cache_tag'] IN ('" + String.join("', '", marks) + "') ASYNC";
    }

    private static boolean isCondition(Statement statement) {
        List<Token> tokens = statement.tokens();
        return statement.begins(BEGINNING)
                && tokens.size() > VALUE
                && tokens.get(COLUMN + 1).text().equals("=")
                && tokens.get(VALUE).kind() == Kind.STRING
                && !tokens.get(VALUE).text().contains("\\")
                && !tokens.get(VALUE).text().contains("'");
    }

    /** What stands behind the value. */
    private static String mode(Statement statement) {
        List<Token> tokens = statement.tokens();
        int end = tokens.size();
        while (end > 0 && tokens.get(end - 1).is(';')) {
            end--;
        }
        return switch (end - VALUE) {
            case 1 -> "";
            case 2 -> statement.word(VALUE + 1);
            default -> "?";
        };
    }
}
