package dev.isolated.junit;

import dev.isolated.environment.IsolatedEnvironment;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The time that a test, or a class, spends in an environment. The store of its context ends it after everything that was
 * made in the meantime, and before the environment if that is its own. Immutable.
 */
record Visit(ExtensionContext context, Home home, IsolatedEnvironment environment) implements AutoCloseable {

    /** Begins it; the first test in an environment that is rewound marks what was prepared there. */
    static Visit begin(ExtensionContext context, Home home, IsolatedEnvironment environment) {
        var visit = new Visit(context, home, environment);
        if (visit.rewinds()) {
            home.context().getStore(Run.NAMESPACE).getOrComputeIfAbsent(Mark.class, key -> Mark.set(environment));
        }
        return visit;
    }

    /** Looks into a failure of the test, in a constructor or in what runs around it, and undoes what the test has done. */
    @Override
    public void close() {
        context.getExecutionException().ifPresent(new Aftermath(context, home, environment)::of);
        if (rewinds()) {
            environment.rewind(new Home(context).name());
        }
    }

    private boolean rewinds() {
        return home.rewinds() && context.getTestMethod().isPresent();
    }

    /** That an environment is marked. */
    private record Mark() {

        static Mark set(IsolatedEnvironment environment) {
            environment.mark();
            return new Mark();
        }
    }
}
