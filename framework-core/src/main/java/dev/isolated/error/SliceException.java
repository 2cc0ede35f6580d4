package dev.isolated.error;

import org.jspecify.annotations.Nullable;

/** A slice could not be created, handed out, reset or destroyed. */
public final class SliceException extends IsolationException {

    private static final long serialVersionUID = 1L;

    public SliceException(Explanation explanation) {
        this(explanation, null);
    }

    public SliceException(Explanation explanation, @Nullable Throwable cause) {
        super(explanation, cause);
    }
}
