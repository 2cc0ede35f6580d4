package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
    private static final Pattern GRANT_TABLES =
            pattern("GRANT\\s+ALL\\s+ON\\s+`?default`?\\.(\\w+)\\*\\s+TO\\s+" + NAME);
    private static final Pattern GRANT_BESIDE = pattern(
            "GRANT\\s+CREATE\\s+TEMPORARY\\s+TABLE\\s+ON\\s+\\*\\.\\*(?:,\\s*SELECT\\s+ON\\s+system\\.\\w+)*\\s+TO\\s+"
                    + NAME);
    private static final Pattern LIST =
            pattern("SELECT name FROM system\\.users WHERE startsWith\\(name, '(\\w+)'\\) FORMAT TSV");
    private static final Set<String> VERBS = Set.of("CREATE", "ALTER", "DROP", "GRANT", "REVOKE");
    private static final Set<String> KINDS = Set.of("USER", "ROLE", "QUOTA", "PROFILE", "POLICY");

    /** What may stand between a verb and a kind; whatever else stands there is made, and may have the name of a kind. */
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
        if (asker.administrator() && statement.contains("SYSTEM.USERS")) {
            return listed(statement.text().strip());
        }
        if (!isAboutUsers(statement.words())) {
            return Optional.empty();
        }
        if (!asker.administrator()) {
            throw EngineException.denied(asker.name() + ": Not enough privileges. Users are the administrator's");
        }
        return Optional.of(done(statement.text().strip()));
    }

    /** The one question about {@code system.users} that this library asks; in the engine there is but one user. */
    private Optional<String> listed(String sql) {
        Matcher question = LIST.matcher(sql);
        return question.matches()
                ? Optional.of(accounts.names(question.group(1)).stream()
                        .map(name -> name + "\n")
                        .collect(Collectors.joining()))
                : Optional.empty();
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
            if (drop.group(1) == null) {
                end(accounts.drop(drop.group(2)));
            } else {
                accounts.dropIfThere(drop.group(2)).ifPresent(this::end);
            }
            return "";
        }
        if (isGrantedByRole(sql)) {
            return "";
        }
        throw EngineException.refused(
                EngineException.NOT_IMPLEMENTED,
                "NOT_IMPLEMENTED",
                "the embedded engine has no SQL users, roles, quotas and policies; use a server of your own or a"
                        + " container for tests of those");
    }

    /** Whether a user has those rights from the beginning. */
    private boolean isGrantedByRole(String sql) throws EngineException {
        Matcher beside = GRANT_BESIDE.matcher(sql);
        if (beside.matches()) {
            return accounts.has(beside.group(1));
        }
        for (Pattern pattern : List.of(GRANT, GRANT_TABLES)) {
            Matcher grant = pattern.matcher(sql);
            if (grant.matches()) {
                return grant.group(1).startsWith(accounts.known(grant.group(2)).prefix());
            }
        }
        return false;
    }

    /** Nothing of whoever had the last password is left. */
    private void end(Account account) {
        sessions.end(account);
        requests.forget(account);
    }

    private static boolean isAboutUsers(List<String> words) {
        if (words.isEmpty() || !VERBS.contains(words.get(0))) {
            return false;
        }
        return words.get(0).equals("GRANT")
                || words.get(0).equals("REVOKE")
                || words.stream()
                        .skip(1)
                        .filter(word -> !BETWEEN.contains(word))
                        .findFirst()
                        .filter(KINDS::contains)
                        .isPresent();
    }

    private static Pattern pattern(String sql) {
        return Pattern.compile(sql + "\\s*;?", Pattern.CASE_INSENSITIVE);
    }

    private static String lower(String hash) {
        return hash.toLowerCase(Locale.ROOT);
    }
}
