package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.LeaseEndedException;
import dev.isolated.spi.Tenant;
import io.lettuce.core.protocol.RedisCommand;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a test's commands may be sent. The server enforces the same for every client; here the reason is told. Immutable.
 */
record Admission(Tenant tenant) {

    private static final Set<String> CHANNELS =
            Set.of("PUBLISH", "SUBSCRIBE", "PSUBSCRIBE", "SPUBLISH", "SSUBSCRIBE", "PUBSUB");

    /** Completes a command with what is wrong with it, if anything is. */
    boolean refuses(RedisCommand<?, ?, ?> command) {
        Optional<IsolationException> refusal = refusal(command);
        refusal.ifPresent(command::completeExceptionally);
        return refusal.isPresent();
    }

    /** The same for commands that are sent together, or not at all. */
    boolean refusesAny(Collection<? extends RedisCommand<?, ?, ?>> commands) {
        Optional<IsolationException> refusal =
                commands.stream().flatMap(it -> refusal(it).stream()).findFirst();
        refusal.ifPresent(it -> commands.forEach(command -> command.completeExceptionally(it)));
        return refusal.isPresent();
    }

    static <K, V> Collection<RedisCommand<K, V, ?>> same(Collection<? extends RedisCommand<K, V, ?>> commands) {
        return List.copyOf(commands);
    }

    private Optional<IsolationException> refusal(RedisCommand<?, ?, ?> command) {
        if (tenant.ended()) {
            return Optional.of(new LeaseEndedException(tenant.whatEnded()));
        }
        String name = command.getType().toString().toUpperCase(Locale.ROOT);
        return CHANNELS.contains(name)
                ? Optional.of(new IsolationException(Explanation.couldNot("send " + name + " for " + tenant.name())
                        .expected("a command that stays within the test's database")
                        .found("one about channels, which a server's databases have in common")
                        .next("give the test a server of its own with isolated.redis.host, where no other test runs")))
                : Optional.empty();
    }
}
