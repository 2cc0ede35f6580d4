package dev.isolated.postgres;

import java.io.IOException;

/** A server was asked for encryption and has none. */
final class TlsDeclinedException extends IOException {

    private static final long serialVersionUID = 1L;

    TlsDeclinedException() {
        super("the server offers no TLS");
    }
}
