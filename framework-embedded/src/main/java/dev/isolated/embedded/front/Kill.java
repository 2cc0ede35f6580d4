package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement that ends queries. All queries are one user's to the engine; whose each is, says a mark. Immutable.
 *
 * @param mark of the query, or what the marks of a user's begin with
 * @param all whether it is a user's
 * @param part what else the query says; empty where that does not matter
 * @param sync whether the answer waits until they have ended
 */
record Kill(String mark, boolean all, String part, boolean sync) {

    private static final String MODE = "\\s*(SYNC|ASYNC)?\\s*;?\\s*";
    private static final Pattern QUERY_ID = Pattern.compile(
            "\\s*KILL\\s+QUERY\\s+WHERE\\s+query_id\\s*=\\s*'([^'\\\\]*)'" + MODE, Pattern.CASE_INSENSITIVE);
    private static final Pattern USER = Pattern.compile(
            "\\s*KILL\\s+QUERY\\s+WHERE\\s+user\\s*=\\s*'(\\w+)'(?:\\s+AND\\s+position\\(query,\\s*'(\\w+)'\\)\\s*>\\s*0)?"
                    + MODE,
            Pattern.CASE_INSENSITIVE);

    /** What a statement says, where it is about queries; fails where it is about those of others. */
    static Optional<Kill> asked(Account asker, Statement statement) throws EngineException {
        if (statement.words().isEmpty()
                || !statement.words().get(0).equals("KILL")
                || statement.begins(List.of("KILL", "MUTATION"))) {
            return Optional.empty();
        }
        Matcher id = QUERY_ID.matcher(statement.text());
        if (id.matches()) {
            return Optional.of(new Kill(asker.mark(id.group(1)), false, "", isSync(id.group(2))));
        }
        Matcher user = USER.matcher(statement.text());
        if (user.matches() && (asker.administrator() || user.group(1).equals(asker.name()))) {
            return Optional.of(new Kill(
                    Account.marksOf(user.group(1)),
                    true,
                    Optional.ofNullable(user.group(2)).orElse(""),
                    isSync(user.group(3))));
        }
        throw EngineException.denied(asker.name() + ": the embedded engine knows KILL QUERY WHERE query_id = '...'"
                + " and WHERE user = '...', with a user of one's own");
    }

    /** As the engine is told: a query whose client reads no more ends for it only when its request does. */
    String sql() {
        String tag = "Settings['query_cache_tag']";
        return "KILL QUERY WHERE " + (all ? "startsWith(" + tag + ", '" + mark + "')" : tag + " = '" + mark + "'")
                + (part.isEmpty() ? "" : " AND position(query, '" + part + "') > 0")
                + " ASYNC";
    }

    boolean concerns(String marked, String query) {
        return (all ? marked.startsWith(mark) : marked.equals(mark)) && query.contains(part);
    }

    private static boolean isSync(String mode) {
        return "SYNC".equalsIgnoreCase(mode);
    }
}
