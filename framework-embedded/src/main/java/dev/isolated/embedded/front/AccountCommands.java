package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of ClickHouse's SQL about users the front does itself: what is needed to give each test a user. All else is refused,
 * for the engine has no users of its own. Thread-safe.
 */
final class AccountCommands {

    private static final String NAME = "`?(\\w+)`?";
    private static final String HASH = "IDENTIFIED\\s+WITH\\s+sha256_hash\\s+BY\\s+'([0-9a-fA-F]{64})'";
    private static final Pattern CREATE = pattern("CREATE\\s+USER\\s+" + NAME + "\\s+" + HASH);
    private static final Pattern ALTER = pattern("ALTER\\s+USER\\s+" + NAME + "\\s+" + HASH);
    private static final Pattern DROP = pattern("DROP\\s+USER\\s+(IF\\s+EXISTS\\s+)?" + NAME);
    private static final Pattern GRANT = pattern("GRANT\\s+ALL\\s+ON\\s+" + NAME + "\\.\\*\\s+TO\\s+" + NAME);
    private static final Set<String> VERBS = Set.of("CREATE", "ALTER", "DROP", "MOVE");
    private static final Set<String> KINDS = Set.of("USER", "ROLE", "QUOTA", "PROFILE", "POLICY");
    private static final Set<String> BETWEEN = Set.of("OR", "REPLACE", "SETTINGS", "ROW", "MASKING");

    private final Accounts accounts;
    private final Sessions sessions;
    private final Requests requests;

    AccountCommands(Accounts accounts, Sessions sessions, Requests requests) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.requests = requests;
    }

    /** Does what a statement says, where it is about users; what is answered then. */
    Optional<String> done(Account asker, Statement statement) throws EngineException {
        if (!isAboutUsers(statement)) {
            return Optional.empty();
        }
        if (!asker.administrator()) {
            throw EngineException.denied(asker.name() + ": Not enough privileges. Users are the administrator's");
        }
        return Optional.of(done(statement.text().strip()));
    }

    /** A user's databases are given names that begin as is answered. */
    private String done(String sql) throws EngineException {
        Matcher create = CREATE.matcher(sql);
        if (create.matches()) {
            return accounts.create(create.group(1), lower(create.group(2))).prefix();
        }
        Matcher alter = ALTER.matcher(sql);
        if (alter.matches()) {
            end(accounts.change(alter.group(1), lower(alter.group(2))));
            return "";
        }
        Matcher drop = DROP.matcher(sql);
        if (drop.matches()) {
            if (drop.group(1) == null || accounts.has(drop.group(2))) {
                end(accounts.drop(drop.group(2)));
            }
            return "";
        }
        Matcher grant = GRANT.matcher(sql);
        if (grant.matches()
                && grant.group(1).startsWith(accounts.known(grant.group(2)).prefix())) {
            return "";
        }
        throw EngineException.refused(
                EngineException.NOT_IMPLEMENTED,
                "NOT_IMPLEMENTED",
                "the embedded engine has no SQL users, roles, quotas and policies; use a server of your own or a"
                        + " container for tests of those");
    }

    /** Nothing of whoever had the last password is left. */
    private void end(Account account) {
        sessions.end(account);
        requests.forget(account);
    }

    /** Which kind of thing it is about is said by the word behind the verb, or behind those that may come between. */
    private static boolean isAboutUsers(Statement statement) {
        String verb = statement.word(0);
        int at = 1;
        while (BETWEEN.contains(statement.word(at))) {
            at++;
        }
        return verb.equals("GRANT")
                || verb.equals("REVOKE")
                || (VERBS.contains(verb) && KINDS.contains(statement.word(at)));
    }

    private static Pattern pattern(String sql) {
        return Pattern.compile(sql + "\\s*;?", Pattern.CASE_INSENSITIVE);
    }

    private static String lower(String hash) {
        return hash.toLowerCase(Locale.ROOT);
    }
}
