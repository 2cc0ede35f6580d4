package dev.isolated.embedded;

import java.io.IOException;

/** A server ended while it was starting. */
final class EndedEarlyException extends IOException {

    private static final long serialVersionUID = 1L;

    EndedEarlyException(String lastWords) {
        super("the server ended while it was starting: " + lastWords);
    }
}
