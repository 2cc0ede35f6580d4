package dev.isolated.error;

import org.jspecify.annotations.Nullable;

/** A handle was used after its lease had ended. */
public final class LeaseEndedException extends IsolationException {

    private static final long serialVersionUID = 1L;

    public LeaseEndedException(Explanation explanation) {
        this(explanation, null);
    }

    public LeaseEndedException(Explanation explanation, @Nullable Throwable cause) {
        super(explanation, cause);
    }
}
