package dev.isolated.error;

import org.jspecify.annotations.Nullable;

/** A test left something open and the settings say that this fails it. */
public final class LeakException extends IsolationException {

    private static final long serialVersionUID = 1L;

    public LeakException(Explanation explanation) {
        this(explanation, null);
    }

    public LeakException(Explanation explanation, @Nullable Throwable cause) {
        super(explanation, cause);
    }
}
