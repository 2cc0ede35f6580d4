package dev.isolated.error;

import org.jspecify.annotations.Nullable;

/** The root of every failure that this library raises. Its message is an {@link Explanation}. */
public abstract class IsolationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IsolationException(Explanation explanation, @Nullable Throwable cause) {
        super(explanation.toString(), cause);
    }
}
