package dev.isolated.redis;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The administrator's connection to a server, renewed by the driver when it was cut. Thread-safe. */
final class RedisAdmin implements AutoCloseable {

    private static final Pattern VERSION = Pattern.compile("(?m)^(?:valkey|redis)_version:(\\S+)");

    private final Server server;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private RedisAdmin(Server server, RedisClient client, StatefulRedisConnection<String, String> connection) {
        this.server = server;
        this.client = client;
        this.connection = connection;
    }

    static RedisAdmin connect(Server server) {
        Endpoint endpoint = server.endpoint();
        RedisClient client = RedisClient.create(Clients.ofAdministrators(), uri(endpoint));
        client.setOptions(Clients.options(endpoint));
        try {
            return new RedisAdmin(server, client, client.connect());
        } catch (RedisException e) {
            end(client);
            throw new ConnectFailure(server, e).exception();
        }
    }

    private static RedisURI uri(Endpoint endpoint) {
        return Clients.uri(endpoint, endpoint.user(), endpoint.password(), 0);
    }

    /** Gives a server that has just been started a password that nobody else knows; asks for its version, too. */
    Server changePassword() {
        Secret changed = Secret.random();
        List<Reply> replies = await(
                "change the administrator's password of " + server.describe(),
                send(List.of(Password.changing(server.endpoint().user(), changed), List.of("INFO", "server"))));
        replies.forEach(Reply::require);
        Matcher version = VERSION.matcher(replies.get(1).text());
        return server.withPassword(changed, version.find() ? version.group(1) : "");
    }

    Server server() {
        return server;
    }

    /** Sends commands in one flight. No other thread's come between two commands only where a script is one command. */
    List<AsyncCommand<String, String, List<Object>>> send(List<List<String>> lines) {
        return send(connection, lines);
    }

    /** The same on another connection. */
    static List<AsyncCommand<String, String, List<Object>>> send(
            StatefulRedisConnection<String, String> connection, List<List<String>> lines) {
        var flight = new ArrayList<AsyncCommand<String, String, List<Object>>>(lines.size());
        for (List<String> line : lines) {
            CommandOutput<String, String, List<Object>> output = new NestedMultiOutput<>(StringCodec.UTF8);
            var arguments = new CommandArgs<>(StringCodec.UTF8);
            line.subList(1, line.size()).forEach(arguments::add);
            flight.add(new AsyncCommand<>(new Command<>(CommandType.valueOf(line.get(0)), output, arguments)));
        }
        List<RedisCommand<String, String, ?>> commands = List.copyOf(flight);
        connection.dispatch(commands);
        return flight;
    }

    /** What the server has answered to a flight; a command that it refused does not hide the others' answers. */
    List<Reply> await(String task, List<AsyncCommand<String, String, List<Object>>> flight) {
        return await(task, flight, Clients.PATIENCE);
    }

    /** The same, waiting no longer than that for all of them. */
    List<Reply> await(String task, List<AsyncCommand<String, String, List<Object>>> flight, Duration patience) {
        long start = System.nanoTime();
        var replies = new ArrayList<Reply>(flight.size());
        for (AsyncCommand<String, String, List<Object>> each : flight) {
            replies.add(reply(task, each, patience, patience.toNanos() - (System.nanoTime() - start)));
        }
        return replies;
    }

    /** The answer to one command. */
    Reply ask(String task, String... line) {
        return ask(task, Clients.PATIENCE, line);
    }

    Reply ask(String task, Duration patience, String... line) {
        return await(task, send(List.of(List.of(line))), patience).get(0);
    }

    /** Empties the interpreter and runs a script there before anybody else's; on a connection that nobody else uses. */
    void runInANewInterpreter(String task, String script, Duration patience) {
        RedisURI uri = uri(server.endpoint());
        uri.setTimeout(patience);
        CompletableFuture<StatefulRedisConnection<String, String>> opening =
                client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture();
        CompletableFuture<List<Object>> done = opening.thenCompose(alone -> {
            RedisAsyncCommands<String, String> commands = alone.async();
            var unused =
                    List.of(commands.multi(), commands.scriptFlush(), commands.eval(script, ScriptOutputType.STATUS));
            return commands.exec().thenApply(answer -> List.of());
        });
        Reply reply = reply(task, done, patience, patience.toNanos());
        var unused = opening.thenCompose(StatefulRedisConnection::closeAsync); // now, or when it opens too late
        reply.require();
    }

    private Reply reply(String task, Future<List<Object>> command, Duration patience, long nanos) {
        try {
            List<Object> answer = command.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            return new Reply(task, server, answer == null ? List.of() : answer, null);
        } catch (ExecutionException e) {
            return new Reply(task, server, List.of(), e.getCause());
        } catch (TimeoutException e) {
            command.cancel(true); // or the driver would send it again when the connection is back
            return unanswered(task, "no answer within " + patience.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unanswered(task, "that the thread that waited for the answer was interrupted", e);
        }
    }

    private Reply unanswered(String task, String found, Exception reason) {
        return new Reply(task, server, List.of(), new RedisException(found, reason));
    }

    @Override
    public void close() {
        end(client);
    }

    static void end(RedisClient client) {
        client.shutdown(Duration.ZERO, Clients.PATIENCE);
    }
}
