package dev.isolated.embedded.front;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.isolated.embedded.front.Accounts.Account;
import dev.isolated.embedded.front.Requests.Running;
import dev.isolated.embedded.front.Sessions.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers clients in ClickHouse's HTTP protocol. Thread-safe. */
final class Conversation implements HttpHandler {

    private static final byte[] PONG = "Ok.\n".getBytes(StandardCharsets.US_ASCII);

    /** What the engine has no queue and no log for: it does all at once. */
    private static final List<List<String>> FLUSHES =
            List.of(List.of("SYSTEM", "FLUSH", "ASYNC", "INSERT", "QUEUE"), List.of("SYSTEM", "FLUSH", "LOGS"));

    private final Accounts accounts;
    private final Sessions sessions = new Sessions();
    private final Requests requests = new Requests();
    private final AccountCommands commands;
    private final Connections connections;
    private final String timezone;

    /** On an engine that runs. */
    Conversation(Accounts accounts, EngineConnection engine) throws EngineException {
        this.accounts = accounts;
        commands = new AccountCommands(accounts, sessions, requests);
        connections = new Connections(engine);
        timezone = engine.ask("SELECT timezone()");
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            boolean greeting = exchange.getRequestURI().getRawQuery() == null
                    && exchange.getRequestMethod().equals("GET");
            if (path.equals("/ping") || greeting) {
                exchange.sendResponseHeaders(200, PONG.length);
                exchange.getResponseBody().write(PONG);
            } else {
                converse(Request.of(exchange));
            }
        }
    }

    /** Whatever goes wrong, no client is left waiting, and those that can be told are. */
    private void converse(Request request) throws IOException {
        var answer = new Answer(request, timezone);
        try {
            Map.Entry<String, String> credentials = request.credentials();
            Account account = accounts.admit(credentials.getKey(), credentials.getValue());
            try (Running running = requests.begin(account, request)) {
                answer(request, answer, account, running);
            }
        } catch (EngineException e) {
            answer.fail(e);
        } catch (IOException e) {
            answer.fail(EngineException.unreadable(e));
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            answer.fail(EngineException.unexpected(e));
        }
    }

    private void answer(Request request, Answer answer, Account account, Running running)
            throws IOException, EngineException {
        try {
            Statement statement = request.statement();
            running.asks(statement);
            Optional<String> done = doneHere(account, statement);
            if (done.isPresent()) {
                answer.whole(request.defaultFormat(), done.get());
            } else if (request.session().isEmpty()) {
                try (EngineConnection connection = connections.open(account, request)) {
                    answer(request, answer, account, statement, connection);
                }
            } else {
                answerInSession(request, answer, account, statement);
            }
        } catch (EngineException e) {
            running.failed(e);
            throw e;
        }
    }

    /** What is answered without the engine. */
    private Optional<String> doneHere(Account account, Statement statement) throws EngineException {
        if (FLUSHES.stream().anyMatch(statement::begins)) {
            return Optional.of("");
        }
        return account.administrator() && statement.text().contains("system.query_log")
                ? QueryLog.asked(statement, requests)
                : commands.done(account, statement);
    }

    private void answerInSession(Request request, Answer answer, Account account, Statement statement)
            throws IOException, EngineException {
        Session session = sessions.take(account, request.session(), () -> connections.open(account, request));
        EngineConnection connection = session.connection();
        try {
            connections.mark(connection, account, request);
            answer(request, answer, account, statement, connection);
        } catch (EngineException | IOException e) {
            // What is left half done would come with the next result.
            connection.clear(e);
            throw e;
        } finally {
            session.release(request.sessionTime());
        }
    }

    private void answer(
            Request request, Answer answer, Account account, Statement statement, EngineConnection connection)
            throws IOException, EngineException {
        connections.prepare(connection, request);
        Gate.require(account, statement, connection);
        String format = statement.format().isEmpty() ? request.defaultFormat() : statement.format();
        Optional<Kill> kill = Kill.asked(account, statement);
        if (kill.isPresent()) {
            try (Result ended = connection.query(kill.get().sql(), format)) {
                if (kill.get().sync()) {
                    requests.end(kill.get()::concerns);
                }
                answer.whole(format, ended);
            }
        } else if (statement.kind() == Statement.Kind.INSERT) {
            try (Result result = connection.insert(statement.sql(), statement.format(), request.data(statement))) {
                answer.whole(request.defaultFormat(), result);
            }
        } else if (statement.kind() == Statement.Kind.SELECT && Formats.streamable(format)) {
            stream(answer, statement, format, connection);
        } else {
            try (Result result = statement.kind() == Statement.Kind.SELECT
                    ? bounded(request, statement, format, connection)
                    : connection.query(statement.sql(), format)) {
                answer.whole(format, result);
            }
        }
    }

    /** A result that is made as a whole, without any other limit to the memory that it takes. */
    private static Result bounded(Request request, Statement statement, String format, EngineConnection connection)
            throws EngineException {
        if (request.settings().containsKey("max_result_bytes")) {
            return connection.query(statement.sql(), format);
        }
        connection.run("SET max_result_bytes = 1000000000");
        Result result = connection.query(statement.sql(), format);
        connection.run("SET max_result_bytes = DEFAULT");
        return result;
    }

    /** An error in the first piece is still one that a client is told in the ordinary way. */
    private static void stream(Answer answer, Statement statement, String format, EngineConnection connection)
            throws IOException, EngineException {
        try (ResultStream results = connection.stream(statement.sql(), format)) {
            OutputStream body;
            try (Result first = results.next()) {
                body = answer.begin(format, first.effort());
                first.writeTo(body, 0);
            }
            while (results.goOn()) {
                try (Result piece = results.next()) {
                    piece.writeTo(body, Formats.head(format, piece));
                }
            }
        }
        answer.end();
    }
}
