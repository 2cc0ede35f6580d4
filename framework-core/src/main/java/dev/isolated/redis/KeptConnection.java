package dev.isolated.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.AsyncCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that a slice has made ahead and lends to one test after another, as a user whose password nobody is told. Who
 * still has one of an ended test can send nothing over it. Thread-safe.
 */
final class KeptConnection {

    private final StatefulRedisConnection<String, String> connection;
    private @Nullable LentWriter lent;

    KeptConnection(StatefulRedisConnection<String, String> connection) {
        this.connection = connection;
    }

    /** Whether it is up; one that was cut off does not come back. */
    boolean isOpen() {
        return connection.isOpen();
    }

    /** The connection as one test sees it. */
    synchronized StatefulRedisConnection<String, String> lend(Admission admission) {
        var handler = (RedisChannelHandler<?, ?>) connection;
        RedisChannelWriter writer = handler.getChannelWriter();
        var now = new LentWriter(writer, admission, connection::isOpen);
        lent = now;
        var seen = new StatefulRedisConnectionImpl<>(now, new NoPushes(), StringCodec.UTF8, connection.getTimeout());
        ClientOptions options = handler.getOptions();
        seen.setOptions(options);
        return seen;
    }

    /**
     * Takes it back: nothing more is sent over it for the last test.
     *
     * @return what that test has done with it
     */
    synchronized Use end() {
        LentWriter ended = lent;
        lent = null;
        if (!isOpen()) {
            return Use.SPOILT;
        }
        return ended == null ? Use.NONE : ended.end();
    }

    /** What a test has done with a connection that was lent to it. */
    enum Use {
        NONE,
        /** It has sent commands that are over when they are answered. */
        PLAIN,
        /** It may have left it in another state, or waiting for something. */
        SPOILT
    }

    /** Begins to empty the database, after all that the last test has sent. */
    AsyncCommand<String, String, List<Object>> empty() {
        return RedisAdmin.send(connection, List.of(List.of("FLUSHDB"))).get(0);
    }

    void close() {
        var unused = connection.closeAsync();
    }
}
