package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Opens connections to the engine that are as a request wants them. Thread-safe. */
final class Connections {

    private static final String PARAMETER = "param_";
    private static final String TAG = "query_cache_tag";
    private static final String RESERVED = "'" + TAG
            + "', 'validate_mutation_query', 'default_normal_view_sql_security', 'default_materialized_view_sql_security', 'default_view_definer'";

    /** What the engine has otherwise by itself. */
    private static final List<String> LIKE_A_SERVER =
            List.of("--implicit_select=0", "--allow_introspection_functions=0");

    /** A setting's value as SQL writes it. */
    private static final String SQL_TEXT =
            "'\\'' || replaceAll(replaceAll(value, '\\\\', '\\\\\\\\'), '\\'', '\\\\\\'') || '\\''";

    private final CompletableFuture<Set<String>> known;

    /** On an engine, of which it asks what it must know once that runs. */
    Connections(Inquiry inquiry) {
        known = inquiry.ask(
                engine -> engine.ask("SELECT name FROM system.settings WHERE name NOT IN (" + RESERVED + ")")
                        .lines()
                        .collect(Collectors.toUnmodifiableSet()));
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

    /** Marks the next query of one that has had others, and sees that it is its user's. */
    void mark(EngineConnection connection, Account account, Request request) throws EngineException {
        connection.run("SET ROLE " + account.role());
        connection.run("SET " + TAG + " = " + quoted(account.mark(request.id())));
    }

    /** What brings a session back to where it was before a request's own database and settings: statements. */
    List<String> wayBack(EngineConnection connection, Request request, Map<String, String> settings)
            throws EngineException {
        var statements = new ArrayList<String>();
        if (!request.database().isEmpty()) {
            statements.add("USE " + name(connection.ask("SELECT currentDatabase() FORMAT TSVRaw")));
        }
        List<String> names = settings.keySet().stream()
                .filter(known.join()::contains)
                .map(Connections::quoted)
                .toList();
        if (!names.isEmpty()) {
            statements.addAll(connection
                    .ask("SELECT 'SET ' || name || ' = ' || if(changed, "
                            + SQL_TEXT + ", 'DEFAULT')"
                            + " FROM system.settings WHERE name IN (" + String.join(", ", names) + ") FORMAT TSVRaw")
                    .lines()
                    .toList());
        }
        return statements;
    }

    /** Goes to the request's database and has such settings. */
    void prepare(EngineConnection connection, Request request, Map<String, String> settings) throws EngineException {
        String database = request.database();
        if (!database.isEmpty()) {
            connection.run("USE " + name(database));
        }
        if (!settings.isEmpty()) {
            var changes = new ArrayList<String>();
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                changes.add(known(setting.getKey()) + " = " + quoted(setting.getValue()));
            }
            connection.run("SET " + String.join(", ", changes));
        }
    }

    private String known(String setting) throws EngineException {
        boolean parameter = setting.startsWith(PARAMETER) && setting.matches("\\w+");
        if (!parameter && !known.join().contains(setting)) {
            throw EngineException.refused(
                    EngineException.UNKNOWN_SETTING,
                    "UNKNOWN_SETTING",
                    "Setting " + setting + " is neither a builtin"
                            + " setting nor started with the prefix 'SQL_' registered for user-defined settings");
        }
        return setting;
    }

    private static String name(String database) {
        return "`" + database.replace("\\", "\\\\").replace("`", "\\`") + "`";
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
