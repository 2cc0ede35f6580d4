package dev.isolated.redis;

import dev.isolated.spi.Evidence;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a test has sent last by its handle: names alone, for arguments may be secret or long. Thread-safe. */
final class LastCommands {

    private static final int MOST = 20;

    private final Deque<String> names = new ArrayDeque<>(MOST);

    synchronized void note(String name) {
        if (names.size() == MOST) {
            names.removeFirst();
        }
        names.addLast(name);
    }

    synchronized Evidence evidence() {
        return new Evidence("the last commands by its handle", names.isEmpty() ? "none" : String.join(", ", names));
    }
}
