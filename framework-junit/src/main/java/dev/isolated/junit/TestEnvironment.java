package dev.isolated.junit;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.util.ArrayDeque;
import java.util.Deque;

/** An open environment in JUnit's store, and what was made from it for the test. Thread-safe. */
final class TestEnvironment implements AutoCloseable {

    private final Run run;
    private final IsolatedEnvironment environment;
    private final Deque<AutoCloseable> made = new ArrayDeque<>();

    TestEnvironment(Run run, IsolatedEnvironment environment) {
        this.run = run;
        this.environment = environment;
    }

    Object grant(Wish wish) {
        Object granted = wish.grant(run.catalog(), environment);
        if (granted instanceof AutoCloseable closeable && granted != environment) {
            synchronized (made) {
                made.push(closeable);
            }
        }
        return granted;
    }

    /** Closes what was made for the test, the newest first, and then the environment, whatever happens before. */
    @Override
    public void close() {
        try (environment) {
            closeMade();
        }
    }

    private void closeMade() {
        AutoCloseable next;
        synchronized (made) {
            next = made.poll();
        }
        if (next == null) {
            return;
        }
        try {
            next.close();
        } catch (Exception e) {
            throw new IsolationException(
                    Explanation.couldNot("close " + next + " for " + environment.name())
                            .found(String.valueOf(e.getMessage()))
                            .next("see the cause"),
                    e);
        } finally {
            closeMade();
        }
    }
}
