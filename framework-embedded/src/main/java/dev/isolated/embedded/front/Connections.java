package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Opens connections to the engine that are as a request wants them. Thread-safe. */
final class Connections {

    private static final String PARAMETER = "param_";
    private static final String TAG = "query_cache_tag";

    /** What the engine has otherwise by itself. */
    private static final List<String> LIKE_A_SERVER =
            List.of("--implicit_select=0", "--allow_introspection_functions=0");

    private final Set<String> known;

    /** On an engine that runs. */
    Connections(EngineConnection engine) throws EngineException {
        known = engine.ask("SELECT name FROM system.settings WHERE name != '" + TAG + "'")
                .lines()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** One with a user's rights, whose query is marked. */
    EngineConnection open(Account account, Request request) throws EngineException {
        var options = new ArrayList<>(LIKE_A_SERVER);
        options.add("--" + TAG + "=" + account.mark(request.id()));
        EngineConnection connection = EngineConnection.open(options);
        try {
            connection.run("SET ROLE " + account.role());
            return connection;
        } catch (EngineException e) {
            connection.close();
            throw e;
        }
    }

    /** Marks the next query of one that has had others. */
    void mark(EngineConnection connection, Account account, Request request) throws EngineException {
        connection.run("SET " + TAG + " = " + quoted(account.mark(request.id())));
    }

    /** Goes to the request's database and has its settings. */
    void prepare(EngineConnection connection, Request request) throws EngineException {
        String database = request.database();
        if (!database.isEmpty()) {
            connection.run("USE `" + database.replace("\\", "\\\\").replace("`", "\\`") + "`");
        }
        Map<String, String> settings = request.settings();
        if (!settings.isEmpty()) {
            var changes = new ArrayList<String>();
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                changes.add(name(setting.getKey()) + " = " + quoted(setting.getValue()));
            }
            connection.run("SET " + String.join(", ", changes));
        }
    }

    private String name(String setting) throws EngineException {
        boolean parameter = setting.startsWith(PARAMETER) && setting.matches("\\w+");
        if (!parameter && !known.contains(setting)) {
            throw EngineException.refused(
                    EngineException.UNKNOWN_SETTING,
                    "UNKNOWN_SETTING",
                    "Setting " + setting + " is neither a builtin"
                            + " setting nor started with the prefix 'SQL_' registered for user-defined settings");
        }
        return setting;
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
