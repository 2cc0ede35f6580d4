package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Server;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the server has answered to one command of the administrator's. Immutable.
 *
 * @param task what the command was for
 * @param failure why there is no answer, or null
 */
record Reply(
        String task,
        Server server,
        List<Object> answer,
        @Nullable Throwable failure) {

    /** Fails where there is no answer. */
    void require() {
        if (failure != null) {
            boolean refused = failure instanceof RedisCommandExecutionException && !busy() && !loading();
            throw new IsolationException(refused ? refused() : unanswered(), failure);
        }
    }

    private Explanation refused() {
        return Explanation.couldNot(task)
                .expected("an administrator who may use ACL, CLIENT, EVAL, SCRIPT, SELECT, INFO, MULTI and FLUSHDB on "
                        + server.describe())
                .found(message())
                .next("give that user these rights, or unset isolated.redis.host for a server of this library's");
    }

    private Explanation unanswered() {
        return Explanation.couldNot(task)
                .expected("an answer of " + server.describe())
                .found(message())
                .next("see whether the server still runs, and what keeps it from answering");
    }

    /** Whether the server does not let its administrator use that command. */
    boolean forbidden() {
        return message().startsWith("NOPERM") || message().startsWith("ERR unknown command");
    }

    /** Whether the server does nothing else because a script has been running for long. */
    boolean busy() {
        return failure != null && message().startsWith("BUSY");
    }

    /** Whether the server still reads what it had before it was restarted. */
    private boolean loading() {
        return message().startsWith("LOADING");
    }

    /** The server's refusal; empty where it has answered. */
    String message() {
        return failure == null ? "" : String.valueOf(failure.getMessage());
    }

    /** The answer as a text. */
    String text() {
        require();
        return answer.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    /** The answer as a number. */
    long number() {
        return Long.parseLong(text());
    }
}
