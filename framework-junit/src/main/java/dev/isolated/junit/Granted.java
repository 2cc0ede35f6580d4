package dev.isolated.junit;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Something that was made for a test and has to be closed; JUnit's store closes it with the context that asked for it, the
 * newest first and each of them whatever becomes of the others. Thread-safe if what was made is.
 */
record Granted(AutoCloseable made, String environment) implements AutoCloseable {

    static void closeWith(ExtensionContext context, AutoCloseable made, String environment) {
        // A key of its own: what was made for one parameter never replaces what was made for another.
        context.getStore(Run.NAMESPACE).put(new Object(), new Granted(made, environment));
    }

    @Override
    public void close() {
        try {
            made.close();
        } catch (Exception e) {
            throw new IsolationException(
                    Explanation.couldNot("close " + made + " for " + environment)
                            .found(String.valueOf(e.getMessage()))
                            .next("see the cause"),
                    e);
        }
    }
}
