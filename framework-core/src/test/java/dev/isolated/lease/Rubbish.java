package dev.isolated.lease;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Slices of a server on which there are none, only what others have left. Thread-safe. */
final class Rubbish implements Slices<String> {

    private final Map<String, Runnable> left = new ConcurrentSkipListMap<>();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile boolean answers = true;
    private volatile boolean closed;

    /** Leaves something whose removal begins with that task. */
    void leave(String name, Runnable removal) {
        left.put(name, removal);
    }

    void answer(boolean whether) {
        answers = whether;
    }

    List<String> names() {
        return List.copyOf(left.keySet());
    }

    /** How often somebody has looked for leftovers. */
    int looks() {
        return looks.get();
    }

    boolean closed() {
        return closed;
    }

    @Override
    public int capacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Slice<String> create(int number) {
        throw new IllegalStateException("there are no slices here");
    }

    @Override
    public List<Leftover> leftovers() {
        looks.incrementAndGet();
        if (closed || !answers) {
            throw new IllegalStateException("no answer from the server");
        }
        return left.entrySet().stream()
                .map(it -> leftover(it.getKey(), it.getValue()))
                .toList();
    }

    private Leftover leftover(String name, Runnable removal) {
        return Leftover.of(name, () -> {
            removal.run();
            left.remove(name);
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
