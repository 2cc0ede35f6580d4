package dev.isolated.lease;

import dev.isolated.error.IsolationException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a pool keeps its slots, its waiters and its leases, and how many slices there are: one consistent picture at any
 * moment. Thread-safe; the lock is held to move things between the collections, never while a slice is called.
 *
 * @param <H> the handle
 */
final class Shelf<H> {

    private final int most;
    private final int warm;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition emptied = lock.newCondition();
    private final Deque<Slot<H>> ready = new ArrayDeque<>();
    private final Deque<Waiter<H>> waiting = new ArrayDeque<>();
    private final Set<Lease<H>> leases = new LinkedHashSet<>();
    private int size;
    private int creating;
    private int numbered;
    private boolean closed;

    Shelf(int most, int warm) {
        this.most = most;
        this.warm = warm;
    }

    /** A slot at once, the one that has rested longest; or null, and a place in the queue. */
    @Nullable Slot<H> takeOrQueue(Waiter<H> waiter) {
        return locked(() -> {
            Slot<H> slot = waiting.isEmpty() ? ready.pollFirst() : null;
            if (closed) {
                waiter.close();
            } else if (slot == null) {
                waiting.add(waiter);
            }
            return slot;
        });
    }

    /** Ends the waiting; the slot, if one has arrived in the meantime. */
    @Nullable Slot<H> giveUp(Waiter<H> waiter) {
        return locked(() -> waiting.remove(waiter) ? null : waiter.late());
    }

    /** Puts a slot where it is wanted most, seen together with that {@code change}; false when the pool is closed. */
    private boolean stock(Slot<H> slot, Runnable change) {
        return locked(() -> {
            change.run();
            if (closed) {
                return false;
            }
            Waiter<H> first = waiting.poll();
            if (first == null) {
                ready.addLast(slot);
            } else {
                first.give(slot);
            }
            return true;
        });
    }

    /** A slot that its taker cannot use; false when the pool is closed. */
    boolean putBack(Slot<H> slot) {
        return stock(slot, () -> {});
    }

    /** A slot whose lease has ended; false when the pool is closed. */
    boolean takeBack(Slot<H> slot, Lease<H> lease) {
        return stock(slot, () -> leases.remove(lease));
    }

    /** A slot whose creation was claimed; false when the pool is closed. */
    boolean created(Slot<H> slot) {
        return stock(slot, () -> creating--);
    }

    /** The numbers of the slices that waiters and warmth ask for; whoever claims them creates them. */
    List<Integer> claim() {
        return locked(() -> {
            int wanted = Math.min(waiting.size() + warm - ready.size() - creating, most - size);
            if (wanted <= 0 || closed) {
                return List.of();
            }
            var numbers = new ArrayList<Integer>(wanted);
            for (int i = 0; i < wanted; i++) {
                numbers.add(++numbered);
            }
            size += wanted;
            creating += wanted;
            return numbers;
        });
    }

    /**
     * A claimed slice could not be created. Where none exists or comes into being, waiting is in vain and ends.
     *
     * @return whether somebody still waits
     */
    boolean notCreated(IsolationException reason) {
        return locked(() -> {
            creating--;
            shrink();
            if (size == 0) {
                waiting.forEach(waiter -> waiter.fail(reason));
                waiting.clear();
            }
            return !waiting.isEmpty();
        });
    }

    /**
     * A claimed slice has to wait for others' to go, and so has whoever waits for it.
     *
     * @return whether somebody does
     */
    boolean noRoom() {
        return locked(() -> {
            creating--;
            shrink();
            return !waiting.isEmpty();
        });
    }

    /** A slice is no more. */
    void gone() {
        locked(() -> {
            shrink();
            return true;
        });
    }

    /** Notes a lease; false when the pool is closed. */
    boolean lend(Lease<H> lease) {
        return locked(() -> {
            leases.add(lease);
            return !closed;
        });
    }

    /** The lease has ended and its slice is not coming back. */
    void writeOff(Lease<H> lease) {
        locked(() -> leases.remove(lease));
    }

    List<Lease<H>> leases() {
        return locked(() -> new ArrayList<>(leases));
    }

    PoolStatus status() {
        return locked(() -> new PoolStatus(size, ready.size(), leases.size(), waiting.size(), most));
    }

    /** Nothing is kept any more, and waiters go away; the slots that were ready, or null when it was closed before. */
    @Nullable List<Slot<H>> close() {
        return locked(() -> {
            if (closed) {
                return null;
            }
            closed = true;
            waiting.forEach(Waiter::close);
            waiting.clear();
            List<Slot<H>> idle = List.copyOf(ready);
            ready.clear();
            return idle;
        });
    }

    /** Waits until no slice exists any more; how many still do. */
    int awaitEmpty(Duration limit) {
        lock.lock();
        try {
            long nanos = limit.toNanos();
            while (size > 0 && nanos > 0) {
                nanos = emptied.awaitNanos(nanos);
            }
            return size;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return size;
        } finally {
            lock.unlock();
        }
    }

    private void shrink() {
        size--;
        if (size == 0) {
            emptied.signalAll();
        }
    }

    private <T extends @Nullable Object> T locked(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }
}
