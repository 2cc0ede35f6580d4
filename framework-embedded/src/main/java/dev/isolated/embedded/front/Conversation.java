package dev.isolated.embedded.front;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.isolated.embedded.front.Accounts.Account;
import dev.isolated.embedded.front.Requests.Running;
import dev.isolated.embedded.front.Sessions.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers clients in ClickHouse's HTTP protocol. Thread-safe. */
final class Conversation implements HttpHandler {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final Set<String> GREETINGS = Set.of("/", "/ping", "/replicas_status");

    /** What the engine has no queue and no log for: it does all at once. */
    private static final List<List<String>> FLUSHES =
            List.of(List.of("SYSTEM", "FLUSH", "ASYNC", "INSERT", "QUEUE"), List.of("SYSTEM", "FLUSH", "LOGS"));

    private final Accounts accounts;
    private final Sessions sessions = new Sessions();
    private final Requests requests = new Requests();
    private final AccountCommands commands;
    private final Connections connections;
    private final Map<String, String> contentTypes;
    private final String timezone;

    /** On an engine that runs. */
    Conversation(Accounts accounts, EngineConnection engine) throws EngineException {
        this.accounts = accounts;
        commands = new AccountCommands(accounts, sessions, requests);
        connections = new Connections(engine);
        contentTypes = Formats.contentTypes(engine);
        timezone = engine.ask("SELECT timezone()");
    }

    /** An exchange that is left open when this fails is cut off by the server, so that its client sees an end that is none. */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        boolean asks = exchange.getRequestURI().getRawQuery() != null;
        if (method.equals("POST") || (method.equals("GET") && asks)) {
            converse(Request.of(exchange));
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            Answer.plain(exchange, NOT_FOUND, "There is no handle " + method + " " + exchange.getRequestURI() + "\n");
        } else if (GREETINGS.contains(exchange.getRequestURI().getPath())) {
            Answer.plain(exchange, OK, "Ok.\n");
        } else {
            Answer.plain(exchange, NOT_FOUND, "There is no handle " + exchange.getRequestURI() + "\n");
        }
    }

    /** Whatever goes wrong, no client is left waiting, and those that can be told are. */
    private void converse(Request request) throws IOException {
        var answer = new Answer(request, timezone, contentTypes);
        try {
            Map.Entry<String, String> credentials = request.credentials();
            Account account = accounts.admit(credentials.getKey(), credentials.getValue());
            try (Running running = requests.begin(account, request)) {
                // From here on whoever ends this user's queries ends this one, too.
                accounts.requireInForce(account);
                answer(request, answer, account, running);
            }
        } catch (EngineException e) {
            answer.fail(e);
        }
    }

    /** What goes wrong is told while the request still counts as one that is answered, which a client may hold up. */
    private void answer(Request request, Answer answer, Account account, Running running) throws IOException {
        try {
            answered(request, answer, account, running);
        } catch (EngineException e) {
            fail(answer, running, e);
        } catch (IOException e) {
            fail(answer, running, EngineException.unreadable(e));
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            fail(answer, running, EngineException.unexpected(e));
        }
    }

    private static void fail(Answer answer, Running running, EngineException reason) throws IOException {
        running.failed(reason);
        answer.fail(reason);
    }

    private void answered(Request request, Answer answer, Account account, Running running)
            throws IOException, EngineException {
        Statement statement = request.statement();
        running.asks(statement);
        Optional<String> done = doneHere(account, statement);
        if (done.isPresent()) {
            answer.whole(request.defaultFormat(), done.get());
        } else if (request.session().isEmpty()) {
            try (EngineConnection connection = connections.open(account)) {
                running.runs(connection);
                connections.prepare(connection, request, statement);
                answer(request, answer, account, statement, connection);
            }
        } else {
            answerInSession(request, answer, account, statement, running);
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

    private void answerInSession(Request request, Answer answer, Account account, Statement statement, Running running)
            throws IOException, EngineException {
        Session session =
                sessions.take(account, request.session(), request.is("session_check"), () -> connections.open(account));
        EngineConnection connection = session.connection();
        try {
            running.runs(connection);
            connections.takeRole(connection, account);
            List<String> undo = connections.undoing(connection, account, request, statement);
            try {
                connections.prepare(connection, request, statement);
                answer(request, answer, account, statement, connection);
            } catch (EngineException | IOException e) {
                // What is left half done would come with the next result.
                connection.clear(e);
                throw e;
            } finally {
                undo(undo, session);
            }
        } catch (RuntimeException | Error e) {
            session.spoil();
            throw e;
        } finally {
            if (request.is("close_session")) {
                session.spoil();
            }
            session.release(request.sessionTime());
        }
    }

    /** The answer has been given; if this fails, the session is one that nobody should go on with. */
    private static void undo(List<String> changes, Session session) {
        try {
            for (String change : changes) {
                session.connection().run(change);
            }
        } catch (EngineException e) {
            e.printStackTrace();
            session.spoil();
        }
    }

    private void answer(
            Request request, Answer answer, Account account, Statement statement, EngineConnection connection)
            throws IOException, EngineException {
        Gate.require(account, request, statement, connection);
        String format = request.format(statement);
        Optional<Kill> kill = Kill.asked(account, statement);
        if (kill.isPresent()) {
            String sql = Kill.sql(requests.marks(kill.get().whose()));
            try (Result ended = connection.query(sql, format)) {
                if (kill.get().sync()) {
                    requests.end(kill.get().whose());
                }
                answer.whole(format, ended);
            }
        } else if (statement.kind() == Statement.Kind.INSERT) {
            try (Result result = connection.insert(statement.sql(), statement.format(), statement.data())) {
                answer.whole(request.defaultFormat(), result);
            }
        } else if (statement.kind() == Statement.Kind.SELECT && request.streams(statement)) {
            stream(answer, statement, format, connection);
        } else {
            try (Result result = connection.query(statement.sql(), format)) {
                answer.whole(format, result);
            }
        }
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
