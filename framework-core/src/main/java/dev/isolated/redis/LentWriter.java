package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.redis.KeptConnection.Use;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ConnectionFacade;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One test's way onto a connection that others have had and will have. Thread-safe. */
final class LentWriter implements RedisChannelWriter {

    /** What changes the state of a connection, or may keep it waiting. Whatever Lettuce has no name for counts as such, too. */
    private static final Set<String> SPOILING =
            Set.of(("MULTI EXEC DISCARD WATCH UNWATCH CLIENT HELLO AUTH RESET SELECT QUIT READONLY READWRITE ASKING"
                            + " BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP XREAD XREADGROUP WAIT WAITAOF"
                            + " EVAL EVALSHA EVAL_RO EVALSHA_RO")
                    .split(" "));

    private final RedisChannelWriter writer;
    private final Admission admission;
    private final BooleanSupplier up;
    private Use use = Use.NONE;
    private boolean closed;

    LentWriter(RedisChannelWriter writer, Admission admission, BooleanSupplier up) {
        this.writer = writer;
        this.admission = admission;
        this.up = up;
    }

    /** When this returns, everything of the test's has been sent that ever will be. */
    synchronized Use end() {
        closed = true;
        return use;
    }

    @Override
    public <K, V, T> RedisCommand<K, V, T> write(RedisCommand<K, V, T> command) {
        RuntimeException refusal;
        synchronized (this) {
            refusal = refusal(List.of(command));
            if (refusal == null) {
                return writer.write(command);
            }
        }
        command.completeExceptionally(refusal);
        return command;
    }

    @Override
    public <K, V> Collection<RedisCommand<K, V, ?>> write(Collection<? extends RedisCommand<K, V, ?>> commands) {
        RuntimeException refusal;
        synchronized (this) {
            refusal = refusal(commands);
            if (refusal == null) {
                return writer.write(commands);
            }
        }
        commands.forEach(it -> it.completeExceptionally(refusal));
        return Admission.same(commands);
    }

    /** Why commands may not be sent, or null where they are about to be; whom that completes is told without the lock. */
    private @Nullable RuntimeException refusal(Collection<? extends RedisCommand<?, ?, ?>> commands) {
        Optional<IsolationException> refused = admission.refusal(commands);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (closed) {
            return new RedisException("the connection is closed");
        }
        if (!up.getAsBoolean()) {
            return cut();
        }
        commands.forEach(this::note);
        return null;
    }

    private void note(RedisCommand<?, ?, ?> command) {
        boolean spoils = !(command.getType() instanceof CommandType) || SPOILING.contains(Admission.name(command));
        use = spoils || use == Use.SPOILT ? Use.SPOILT : Use.PLAIN;
    }

    private IsolationException cut() {
        return new IsolationException(Explanation.couldNot(
                        "use the connection of " + admission.tenant().name())
                .expected("that it lasts as long as the test")
                .found("that the server has ended it: it was restarted, or this JVM stood still for more than "
                        + Registry.LIFE.toSeconds() + " s and another run has the database")
                .next("run the test again; see the server's log if it happens often"));
    }

    /** The others' remains open. */
    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        close();
        return CompletableFuture.completedFuture(null);
    }

    /** The connection beneath has its own. */
    @Override
    public void setConnectionFacade(ConnectionFacade facade) {}

    @Override
    public synchronized void setAutoFlushCommands(boolean automatic) {
        if (!closed) {
            use = Use.SPOILT;
            writer.setAutoFlushCommands(automatic);
        }
    }

    @Override
    public synchronized void flushCommands() {
        if (!closed) {
            writer.flushCommands();
        }
    }

    @Override
    public ClientResources getClientResources() {
        return writer.getClientResources();
    }
}
