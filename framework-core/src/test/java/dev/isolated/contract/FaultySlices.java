package dev.isolated.contract;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Real slices that can be made to fail once, and that are counted. Thread-safe. */
public final class FaultySlices<H> implements Slices<H> {

    private final Slices<H> slices;
    private final AtomicReference<@Nullable Throwable> creation = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> handOut = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> reset = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> beforeReset = new AtomicReference<>();
    private final AtomicReference<Runnable> awaiting = new AtomicReference<>(() -> {});
    private final Queue<Throwable> unforeseen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger destroyed = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    public FaultySlices(Slices<H> slices) {
        this.slices = slices;
    }

    /** Has the next creation fail with that exception or error. */
    public void failNextCreation(Throwable failure) {
        creation.set(failure);
    }

    public void failNextHandOut(Throwable failure) {
        handOut.set(failure);
    }

    public void failNextReset(Throwable failure) {
        reset.set(failure);
    }

    /** Has the next reset do something first. */
    public void beforeNextReset(Runnable task) {
        beforeReset.set(task);
    }

    /** Has each wait for a reset do something first, from now on. */
    public void beforeAwaiting(Runnable task) {
        awaiting.set(task);
    }

    /** How many slices were made. */
    public int created() {
        return created.get();
    }

    /** How many slices are on the server. */
    public int existing() {
        return created.get() - destroyed.get();
    }

    public boolean closed() {
        return closed.get();
    }

    @Override
    public int capacity() {
        return slices.capacity();
    }

    /** Why slices could not be made that nobody has had fail. */
    public List<Throwable> unforeseen() {
        return List.copyOf(unforeseen);
    }

    @Override
    public Slice<H> create(int number) {
        fail(creation);
        Slice<H> slice = made(number);
        created.incrementAndGet();
        return new FaultySlice(slice);
    }

    private Slice<H> made(int number) {
        try {
            return slices.create(number);
        } catch (RuntimeException | Error e) {
            unforeseen.add(e);
            throw e;
        }
    }

    @Override
    public boolean resetsQuickly() {
        return slices.resetsQuickly();
    }

    @Override
    public List<Leftover> leftovers() {
        return slices.leftovers();
    }

    @Override
    public void close() {
        closed.set(true);
        slices.close();
    }

    private static void fail(AtomicReference<@Nullable Throwable> planned) {
        Throwable failure = planned.getAndSet(null);
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    private final class FaultySlice implements Slice<H> {

        private final Slice<H> slice;

        FaultySlice(Slice<H> slice) {
            this.slice = slice;
        }

        @Override
        public H handOut(Tenant tenant) {
            fail(handOut);
            return slice.handOut(tenant);
        }

        @Override
        public void reset() {
            Runnable first = beforeReset.getAndSet(null);
            if (first != null) {
                first.run();
            }
            fail(reset);
            slice.reset();
        }

        @Override
        public void awaitReset() {
            awaiting.get().run();
            slice.awaitReset();
        }

        @Override
        public void destroy() {
            if (closed.get()) {
                throw new IllegalStateException(describe() + " was to be destroyed after its slices were closed");
            }
            slice.destroy();
            destroyed.incrementAndGet();
        }

        @Override
        public String describe() {
            return slice.describe();
        }
    }
}
