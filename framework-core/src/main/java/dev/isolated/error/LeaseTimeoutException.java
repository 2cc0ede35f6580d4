package dev.isolated.error;

import org.jspecify.annotations.Nullable;

/** A slice did not become free in time. */
public final class LeaseTimeoutException extends IsolationException {

    private static final long serialVersionUID = 1L;

    public LeaseTimeoutException(Explanation explanation) {
        this(explanation, null);
    }

    public LeaseTimeoutException(Explanation explanation, @Nullable Throwable cause) {
        super(explanation, cause);
    }
}
