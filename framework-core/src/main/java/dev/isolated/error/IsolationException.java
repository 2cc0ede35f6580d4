package dev.isolated.error;

import org.jspecify.annotations.Nullable;

/**
 * A slice, a lease or an environment failed. The root of every failure that this library raises; those to which a caller
 * may want to answer differently have types of their own. Its message is an {@link Explanation}.
 */
public class IsolationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public IsolationException(Explanation explanation) {
        this(explanation, null);
    }

    public IsolationException(Explanation explanation, @Nullable Throwable cause) {
        super(explanation.toString(), cause);
    }
}
