package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.LeaseEndedException;
import dev.isolated.spi.Tenant;
import io.lettuce.core.protocol.RedisCommand;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a test's commands may be sent. The server enforces the same for every client; here the reason is told. Immutable.
 *
 * @param refused what each command acts on that may not be sent
 * @param last what was sent
 */
record Admission(Tenant tenant, Map<String, String> refused, LastCommands last) {

    private static final Map<String, String> BEYOND_THE_DATABASE = Stream.of(
                    all(
                            "channels, which a server's databases have in common",
                            "PUBLISH SUBSCRIBE PSUBSCRIBE SPUBLISH SSUBSCRIBE PUBSUB"),
                    all("functions, which a server's databases have in common", "FUNCTION FCALL FCALL_RO"),
                    all("other databases, which are other tests'", "FLUSHALL SWAPDB MOVE COPY MIGRATE"),
                    all(
                            "the server, which other tests use",
                            "CONFIG SHUTDOWN DEBUG MONITOR SAVE BGSAVE BGREWRITEAOF REPLICAOF SLAVEOF MODULE SLOWLOG"))
            .flatMap(it -> it.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    /** For a test that shares its server. */
    static Admission toADatabase(Tenant tenant) {
        return new Admission(tenant, BEYOND_THE_DATABASE, new LastCommands());
    }

    /** For a test that has a server for itself. */
    static Admission toAServer(Tenant tenant) {
        return new Admission(tenant, Map.of(), new LastCommands());
    }

    /** What a command acts on that is not for a test that shares its server; empty for all others. */
    static Optional<String> beyondTheDatabase(String command) {
        return Optional.ofNullable(BEYOND_THE_DATABASE.get(command));
    }

    private static Map<String, String> all(String what, String commands) {
        return Stream.of(commands.split(" ")).collect(Collectors.toMap(Function.identity(), it -> what));
    }

    /** Completes a command with what is wrong with it, if anything is. */
    boolean refuses(RedisCommand<?, ?, ?> command) {
        return refusesAny(List.of(command));
    }

    /** The same for commands that are sent together, or not at all. */
    boolean refusesAny(Collection<? extends RedisCommand<?, ?, ?>> commands) {
        Optional<IsolationException> refusal = refusal(commands);
        refusal.ifPresent(it -> commands.forEach(command -> command.completeExceptionally(it)));
        return refusal.isPresent();
    }

    /** What is wrong with commands that are sent together; if nothing is, they count as sent. */
    Optional<IsolationException> refusal(Collection<? extends RedisCommand<?, ?, ?>> commands) {
        Optional<IsolationException> refusal =
                commands.stream().flatMap(it -> refusal(it).stream()).findFirst();
        if (refusal.isEmpty()) {
            commands.forEach(it -> last.note(name(it)));
        }
        return refusal;
    }

    static <K, V> Collection<RedisCommand<K, V, ?>> same(Collection<? extends RedisCommand<K, V, ?>> commands) {
        return List.copyOf(commands);
    }

    /** A command's name in capitals. */
    static String name(RedisCommand<?, ?, ?> command) {
        return command.getType().toString().toUpperCase(Locale.ROOT);
    }

    private Optional<IsolationException> refusal(RedisCommand<?, ?, ?> command) {
        if (tenant.ended()) {
            return Optional.of(new LeaseEndedException(tenant.whatEnded()));
        }
        String name = name(command);
        return Optional.ofNullable(refused.get(name)).map(what -> beyond(name, what));
    }

    private IsolationException beyond(String name, String what) {
        return new IsolationException(Explanation.couldNot("send " + name + " for " + tenant.name())
                .expected("a command that stays within the test's database")
                .found("one about " + what)
                .next("give the test a server of its own: @Isolated(mode = \"" + RedisService.SERVER + "\")"));
    }
}
