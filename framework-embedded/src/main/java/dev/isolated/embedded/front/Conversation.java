package dev.isolated.embedded.front;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.isolated.embedded.front.Accounts.Account;
import dev.isolated.embedded.front.Result.Effort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Answers clients in ClickHouse's HTTP protocol. Thread-safe. */
final class Conversation implements HttpHandler {

    private static final byte[] PONG = "Ok.\n".getBytes(StandardCharsets.US_ASCII);
    private static final String PARAMETER = "param_";

    /** What the engine has otherwise by itself; and a bound for results that it makes as a whole. */
    private static final List<String> LIKE_A_SERVER =
            List.of("--implicit_select=0", "--allow_introspection_functions=0", "--max_result_bytes=1000000000");

    /** The engine has no queue to be flushed: it inserts at once. */
    private static final List<String> FLUSH = List.of("SYSTEM", "FLUSH", "ASYNC", "INSERT", "QUEUE");

    private final Accounts accounts;
    private final Sessions sessions = new Sessions();
    private final AccountCommands commands;
    private final String timezone;
    private final Set<String> known;

    /** On an engine that runs. */
    Conversation(Accounts accounts, EngineConnection engine) throws EngineException {
        this.accounts = accounts;
        commands = new AccountCommands(accounts, sessions);
        timezone = engine.query("SELECT timezone()", "TSV").text();
        known = engine.query("SELECT name FROM system.settings", "TSV")
                .text()
                .lines()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whatever goes wrong, no client is left waiting. */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            converse(exchange);
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            throw e;
        }
    }

    private void converse(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean greeting = exchange.getRequestURI().getRawQuery() == null
                && exchange.getRequestMethod().equals("GET");
        if (path.equals("/ping") || greeting) {
            exchange.sendResponseHeaders(200, PONG.length);
            exchange.getResponseBody().write(PONG);
            exchange.close();
            return;
        }
        Request request = Request.of(exchange);
        var answer = new Answer(request, timezone);
        try {
            Map.Entry<String, String> credentials = request.credentials();
            answer(request, answer, accounts.admit(credentials.getKey(), credentials.getValue()));
        } catch (EngineException e) {
            answer.fail(e);
        }
    }

    private void answer(Request request, Answer answer, Account account) throws IOException, EngineException {
        Statement statement = request.statement();
        Optional<String> done = statement.begins(FLUSH) ? Optional.of("") : commands.done(account, statement);
        if (done.isPresent()) {
            answer.begin(request.defaultFormat(), Effort.NONE);
            answer.write(done.get().getBytes(StandardCharsets.UTF_8), 0);
            answer.end();
        } else if (request.session().isEmpty()) {
            try (EngineConnection connection = open(account, request)) {
                answer(request, answer, account, statement, connection);
            }
        } else {
            Sessions.Session session = sessions.take(account, request.session(), () -> open(account, request));
            try {
                answer(request, answer, account, statement, session.connection());
            } catch (EngineException e) {
                // What an error has left half done would come with the next result.
                session.connection().run("SELECT 1");
                throw e;
            } finally {
                session.release(request.sessionTime());
            }
        }
    }

    private void answer(Request request, Answer answer, Account account, Statement asked, EngineConnection connection)
            throws IOException, EngineException {
        prepare(request, connection);
        Statement statement = Gate.admitted(account, asked, connection);
        if (statement.kind() == Statement.Kind.INSERT) {
            Result result = connection.insert(statement.sql(), statement.format(), request.data(statement));
            answer.begin(request.defaultFormat(), result.effort());
        } else {
            String format = statement.format().isEmpty() ? request.defaultFormat() : statement.format();
            if (statement.kind() == Statement.Kind.SELECT && Formats.streamable(format)) {
                stream(answer, statement, format, connection);
            } else {
                Result result = connection.query(statement.sql(), format);
                answer.begin(format, result.effort());
                answer.write(result.data(), 0);
            }
        }
        answer.end();
    }

    /** An error in the first piece is still one that a client is told in the ordinary way. */
    private static void stream(Answer answer, Statement statement, String format, EngineConnection connection)
            throws IOException, EngineException {
        try (ResultStream results = connection.stream(statement.sql(), format)) {
            Result piece = results.next();
            answer.begin(format, piece.effort());
            for (int from = 0; piece.data().length > 0; piece = results.next()) {
                answer.write(piece.data(), from == 0 ? 0 : Formats.head(format, piece.data()));
                from = 1;
            }
        }
    }

    private static EngineConnection open(Account account, Request request) throws EngineException {
        var options = new ArrayList<>(LIKE_A_SERVER);
        options.add("--query_cache_tag=" + account.mark(request.id()));
        EngineConnection connection = EngineConnection.open(options);
        try {
            connection.run("SET ROLE " + account.role());
            return connection;
        } catch (EngineException e) {
            connection.close();
            throw e;
        }
    }

    private void prepare(Request request, EngineConnection connection) throws EngineException {
        String database = request.database();
        if (!database.isEmpty()) {
            connection.run("USE `" + database.replace("\\", "\\\\").replace("`", "\\`") + "`");
        }
        Map<String, String> settings = request.settings();
        if (!settings.isEmpty()) {
            var changes = new ArrayList<String>();
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                changes.add(name(setting.getKey()) + " = '"
                        + setting.getValue().replace("\\", "\\\\").replace("'", "\\'") + "'");
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
}
