package dev.isolated.error;

import org.jspecify.annotations.Nullable;

/** No source can provide a server of the service that a test needs. */
public final class ServiceUnavailableException extends IsolationException {

    private static final long serialVersionUID = 1L;

    public ServiceUnavailableException(Explanation explanation) {
        this(explanation, null);
    }

    public ServiceUnavailableException(Explanation explanation, @Nullable Throwable cause) {
        super(explanation, cause);
    }
}
