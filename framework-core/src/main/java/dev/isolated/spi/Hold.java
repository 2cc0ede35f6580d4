package dev.isolated.spi;

import java.nio.file.Path;
import java.util.Optional;

/** A run's hold on a server: what it learns of the server's life, and letting it go. Thread-safe. */
public interface Hold {

    /** On a server that somebody else looks after. */
    Hold NONE = new Hold() {};

    /** Why the server is known to be gone; empty while it is not. */
    default Optional<String> death() {
        return Optional.empty();
    }

    /** The file that the server's log is in; it is bounded, so its beginning may be missing. Empty where it cannot be had. */
    default Optional<Path> log() {
        return Optional.empty();
    }

    /** Lets the server go, which stops it unless others hold it or it is somebody else's. */
    default void release() {}
}
