package dev.isolated.error;

/** A slice cannot be made now, because others have all that there is. Whoever waits for one goes on waiting. */
public final class NoRoomException extends IsolationException {

    private static final long serialVersionUID = 1L;

    public NoRoomException(Explanation explanation) {
        super(explanation);
    }
}
