package dev.isolated.postgres;

import java.io.IOException;
import java.net.Socket;

/** Where the driver gets the socket of a connection. Thread-safe. */
@FunctionalInterface
interface Sockets {

    Socket open() throws IOException;
}
