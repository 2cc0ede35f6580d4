package dev.isolated.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.spi.Tenant;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.protocol.RedisCommand;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a test's code does when its command is refused keeps nobody else from the connection. */
class RedisLentWriterTest {

    private final AtomicInteger withoutLock = new AtomicInteger();
    private final LentWriter writer = new LentWriter(
            new DefaultEndpoint(ClientOptions.create(), Clients.ofTenants()),
            Admission.toADatabase(new Tenant("RefusedTest.publishes")),
            () -> false);

    @Test
    void refusedCommandsAreCompletedWithoutTheLock() {
        assertThat(writer.write(command(CommandType.PUBLISH)).isDone()).isTrue();
        assertThat(writer.write(command(CommandType.GET)).isDone()).isTrue();
        writer.write(List.of(command(CommandType.GET), command(CommandType.PUBLISH)));
        writer.close();
        assertThat(writer.write(command(CommandType.GET)).isDone()).isTrue();
        assertThat(withoutLock).hasValue(5);
    }

    private RedisCommand<String, String, String> command(CommandType type) {
        var command = new AsyncCommand<>(new Command<>(type, new StatusOutput<>(StringCodec.UTF8)));
        var unused = command.whenComplete((answer, failure) -> {
            if (failure != null && !Thread.holdsLock(writer)) {
                withoutLock.incrementAndGet();
            }
        });
        return command;
    }
}
