package dev.isolated.error;

import org.jspecify.annotations.Nullable;

/** A setting is unknown, impossible, or contradicts another. */
public final class SettingsException extends IsolationException {

    private static final long serialVersionUID = 1L;

    public SettingsException(Explanation explanation) {
        this(explanation, null);
    }

    public SettingsException(Explanation explanation, @Nullable Throwable cause) {
        super(explanation, cause);
    }
}
