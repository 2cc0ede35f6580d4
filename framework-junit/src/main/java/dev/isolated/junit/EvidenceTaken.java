package dev.isolated.junit;

import java.io.Serial;

/** Tells the reader of a test's failure where there is more to see; it is added to the failure and never thrown. */
final class EvidenceTaken extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    EvidenceTaken(String message) {
        super(message, null, false, false);
    }
}
