package dev.isolated.embedded.front;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.isolated.embedded.front.Accounts.Account;
import dev.isolated.embedded.front.Requests.Running;
import dev.isolated.embedded.front.Sessions.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Answers clients in ClickHouse's HTTP protocol. Thread-safe. */
final class Conversation implements HttpHandler {

    private static final byte[] PONG = "Ok.\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING_THERE =
            "There is no handle for that path; queries go to /\n".getBytes(StandardCharsets.US_ASCII);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    /** What the engine has no queue and no log for: it does all at once. */
    private static final List<List<String>> FLUSHES =
            List.of(List.of("SYSTEM", "FLUSH", "ASYNC", "INSERT", "QUEUE"), List.of("SYSTEM", "FLUSH", "LOGS"));

    /** What is held is copied while it comes and while it is looked at, and may be as much again. */
    private static final int HELD_PART = 8;

    private static final String ONE_ARRAY = "output_format_json_array_of_rows";

    /** Statements of a session that are to last. */
    private static final Set<String> CHANGES_ITSELF = Set.of("SET", "USE");

    private final Accounts accounts;
    private final Sessions sessions = new Sessions();
    private final Requests requests = new Requests();
    private final Allowance allowance = new Allowance(Runtime.getRuntime().maxMemory() / HELD_PART, Allowance.PATIENCE);
    private final AccountCommands commands;
    private final Connections connections;
    private final Gate gate;
    private final CompletableFuture<String> timezone;
    private final CompletableFuture<Map<String, String>> contentTypes;

    /** On an engine, of which it asks what it must know once that runs. */
    Conversation(Accounts accounts, Inquiry inquiry) {
        this.accounts = accounts;
        commands = new AccountCommands(accounts, sessions, requests);
        // In the order in which a request needs it.
        timezone = inquiry.ask(engine -> engine.ask("SELECT timezone()"));
        contentTypes = inquiry.ask(Formats::contentTypes);
        connections = new Connections(inquiry);
        gate = new Gate(new Definitions(inquiry));
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean greeting =
                exchange.getRequestURI().getRawQuery() == null && !"POST".equals(exchange.getRequestMethod());
        if (path.equals("/ping") || (path.equals("/") && greeting)) {
            say(exchange, OK, PONG);
        } else if (path.equals("/")) {
            converse(exchange);
        } else {
            say(exchange, NOT_FOUND, NOTHING_THERE);
        }
    }

    private static void say(HttpExchange exchange, int status, byte[] words) throws IOException {
        try (exchange) {
            boolean bodiless = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, bodiless ? -1 : words.length);
            if (!bodiless) {
                exchange.getResponseBody().write(words);
            }
        }
    }

    /**
     * Whatever goes wrong, no client is left waiting, and those that can be told are. An answer that breaks off is not closed
     * here, which would end it as if it were whole: the exception has the server close the connection.
     */
    private void converse(HttpExchange exchange) throws IOException {
        try (Allowance.Share share = allowance.share()) {
            converse(Request.of(exchange, share));
        }
    }

    private void converse(Request request) throws IOException {
        var answer = new Answer(request, timezone.join(), contentTypes.join());
        try {
            Map.Entry<String, String> credentials = request.credentials();
            Account account = accounts.admit(credentials.getKey(), credentials.getValue());
            try (Running running = requests.begin(account, request)) {
                // Whoever was renewed meanwhile has not seen this request.
                accounts.admit(credentials.getKey(), credentials.getValue());
                answer(request, answer, account, running);
            }
        } catch (EngineException e) {
            answer.fail(e);
        }
    }

    /** What goes wrong is told while the request counts as one that is answered: a client may hold that up. */
    private void answer(Request request, Answer answer, Account account, Running running) throws IOException {
        try {
            answerWell(request, answer, account, running);
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

    private void answerWell(Request request, Answer answer, Account account, Running running)
            throws IOException, EngineException {
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
    }

    /** What is answered without the engine. */
    private Optional<String> doneHere(Account account, Statement statement) throws EngineException {
        if (FLUSHES.stream().anyMatch(statement::begins) && statement.isOne()) {
            return Optional.of("");
        }
        return account.administrator() && statement.contains("SYSTEM.QUERY_LOG")
                ? QueryLog.asked(statement, requests)
                : commands.done(account, statement);
    }

    private void answerInSession(Request request, Answer answer, Account account, Statement statement)
            throws IOException, EngineException {
        if (request.settings().containsKey("readonly")) {
            throw EngineException.refused(
                    EngineException.NOT_IMPLEMENTED,
                    "NOT_IMPLEMENTED",
                    "the embedded engine cannot make one request of a session readonly; send it without session_id");
        }
        Session session = sessions.take(
                account, request.session(), request.is("session_check"), () -> connections.open(account, request));
        EngineConnection connection = session.connection();
        List<String> wayBack = List.of();
        try {
            connections.mark(connection, account, request);
            if (!CHANGES_ITSELF.contains(
                    statement.words().isEmpty() ? "" : statement.words().get(0))) {
                wayBack = connections.wayBack(connection, request, settings(request, statement));
            }
            answer(request, answer, account, statement, connection);
        } catch (EngineException | IOException | RuntimeException e) {
            // What is left half done would come with the next result.
            connection.clear(e);
            throw e;
        } finally {
            goBack(session, wayBack);
            if (request.is("close_session")) {
                session.discard();
            }
            session.release(request.sessionTime());
        }
    }

    /** A session in which that fails is not used any more. */
    private static void goBack(Session session, List<String> wayBack) {
        try {
            for (String statement : wayBack) {
                session.connection().run(statement);
            }
        } catch (EngineException e) {
            e.printStackTrace();
            session.discard();
        }
    }

    /** Those of the request, and a limit to the memory of a result that is made as a whole. */
    private static Map<String, String> settings(Request request, Statement statement) {
        var settings = new LinkedHashMap<String, String>();
        boolean lasts = !statement.words().isEmpty()
                && CHANGES_ITSELF.contains(statement.words().get(0));
        if (!statement.inserts() && !lasts && !streams(request, statement)) {
            settings.put("max_result_bytes", "1000000000");
        }
        settings.putAll(request.settings());
        return settings;
    }

    private static boolean streams(Request request, Statement statement) {
        return statement.kind() == Statement.Kind.SELECT
                && Formats.streamable(format(request, statement))
                && !request.is("wait_end_of_query")
                && !request.is(ONE_ARRAY)
                && !statement.contains(ONE_ARRAY.toUpperCase(Locale.ROOT));
    }

    private static String format(Request request, Statement statement) {
        return statement.format().isEmpty() ? request.defaultFormat() : statement.format();
    }

    private void answer(
            Request request, Answer answer, Account account, Statement statement, EngineConnection connection)
            throws IOException, EngineException {
        connections.prepare(connection, request, settings(request, statement));
        gate.require(account, request, statement, connection);
        String format = format(request, statement);
        Optional<Kill> kill = Kill.asked(account, statement);
        if (kill.isPresent()) {
            try (Result ended = connection.query(kill.get().sql(), format)) {
                if (kill.get().sync()) {
                    requests.end(
                            kill.get()::concerns,
                            () -> connection.run(kill.get().sql()));
                }
                answer.whole(format, ended);
            }
        } else if (statement.kind() == Statement.Kind.INSERT) {
            try (Result result = connection.insert(statement.sql(), statement.format(), request.data(statement))) {
                answer.whole(request.defaultFormat(), result);
            }
        } else if (streams(request, statement)) {
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
