package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Opens connections to the engine, and has them as a request wants them. Thread-safe. */
final class Connections {

    private static final String PARAMETER = "param_";
    private static final String MOST = "max_result_bytes";
    private static final String GIGABYTE = "1000000000";

    /** What the engine has otherwise by itself. */
    private static final List<String> LIKE_A_SERVER =
            List.of("--implicit_select=0", "--allow_introspection_functions=0");

    /** How settings are given the values that they have now. */
    private static final String AS_THEY_ARE =
            "SELECT arrayStringConcat(groupArray(name || ' = ' || if(changed, '\\'' ||"
                    + " replaceAll(replaceAll(value, '\\\\', '\\\\\\\\'), '\\'', '\\\\\\'') || '\\'', 'DEFAULT')), ', ')"
                    + " FROM system.settings WHERE name IN (";

    private final Set<String> known;
    private final AtomicLong opened = new AtomicLong();

    /** On an engine that runs. */
    Connections(EngineConnection engine) throws EngineException {
        known = engine.ask("SELECT name FROM system.settings").lines().collect(Collectors.toUnmodifiableSet());
    }

    /** One with a user's rights. */
    EngineConnection open(Account account) throws EngineException {
        EngineConnection connection =
                EngineConnection.open(LIKE_A_SERVER, account.name() + "/" + opened.incrementAndGet());
        try {
            takeRole(connection, account);
            return connection;
        } catch (EngineException e) {
            connection.close();
            throw e;
        }
    }

    /** Whatever was done to the connection, it has this user's rights and no others. */
    void takeRole(EngineConnection connection, Account account) throws EngineException {
        connection.run("SET ROLE " + account.role());
    }

    /** How a connection is later as it is now, where a request and its statement change it only for themselves. */
    List<String> undoing(EngineConnection connection, Account account, Request request, Statement statement)
            throws EngineException {
        var undo = new ArrayList<String>();
        Map<String, String> settings = settings(request, statement);
        if (!settings.isEmpty() && !statement.word(0).equals("SET")) {
            String names = settings.keySet().stream().map(Connections::quoted).collect(Collectors.joining(", "));
            String before = connection.ask(AS_THEY_ARE + names + ")");
            if (!before.isEmpty()) {
                undo.add("SET " + before);
            }
        }
        if (!request.database().isEmpty() && !statement.word(0).equals("USE")) {
            // The database in which all begin is nobody's.
            undo.add("SET ROLE " + Accounts.ALL);
            undo.add(use(connection.ask("SELECT currentDatabase()")));
            undo.add("SET ROLE " + account.role());
        }
        return undo;
    }

    /** Goes to the request's database and has its settings. */
    void prepare(EngineConnection connection, Request request, Statement statement) throws EngineException {
        if (!request.database().isEmpty()) {
            connection.run(use(request.database()));
        }
        Map<String, String> settings = settings(request, statement);
        if (!settings.isEmpty()) {
            var changes = new ArrayList<String>();
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                changes.add(name(setting.getKey()) + " = " + quoted(setting.getValue()));
            }
            connection.run("SET " + String.join(", ", changes));
        }
    }

    /** A result that is made as a whole has no other limit to the memory that it takes. */
    private static Map<String, String> settings(Request request, Statement statement) {
        var settings = new LinkedHashMap<>(request.settings());
        if (statement.kind() == Statement.Kind.SELECT && !request.streams(statement)) {
            settings.putIfAbsent(MOST, GIGABYTE);
        }
        return settings;
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

    private static String use(String database) {
        return "USE `" + database.replace("\\", "\\\\").replace("`", "\\`") + "`";
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
