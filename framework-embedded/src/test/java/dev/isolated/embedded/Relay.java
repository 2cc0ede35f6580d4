package dev.isolated.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Another port of a server, behind which new connections can be left waiting for everything. Thread-safe. */
final class Relay implements AutoCloseable {

    private final int port;
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean holding = new AtomicBoolean();
    private final AtomicInteger held = new AtomicInteger();

    Relay(int port) throws IOException {
        this.port = port;
        begin(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on new connections are accepted and nothing passes through them. */
    void hold() {
        holding.set(true);
    }

    int held() {
        return held.get();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = kept(listening.accept());
            if (holding.get()) {
                held.incrementAndGet();
            } else {
                Socket server = kept(new Socket(InetAddress.getLoopbackAddress(), port));
                begin(() -> pass(client, server));
                begin(() -> pass(server, client));
            }
        }
    }

    private Socket kept(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private static void pass(Socket from, Socket to) throws IOException {
        from.getInputStream().transferTo(to.getOutputStream());
        to.close();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void begin(Task task) {
        var thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (SocketException e) {
                        // Closed at either end, or by this: that is how it is over.
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket each : sockets) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
