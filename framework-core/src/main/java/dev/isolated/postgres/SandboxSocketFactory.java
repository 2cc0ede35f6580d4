package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/**
 * Where pgjdbc gets the socket of a connection into a sandbox. The driver makes one from its class name, which is why
 * it is public; tests have no use for it. Thread-safe.
 *
 * <p>Connections that the library opens carry their sandbox in the driver's properties. A JDBC URL can carry text only: a
 * token, which leads here to the sandbox for as long as its lease lasts. That is the one static table of this library.
 */
public final class SandboxSocketFactory extends SocketFactory {

    private static final String SOCKETS = "isolated.sockets";
    private static final Map<String, Sockets> BY_TOKEN = new ConcurrentHashMap<>();

    private final Sockets sockets;

    /** What pgjdbc calls. */
    public SandboxSocketFactory(Properties info) {
        Object given = info.get(SOCKETS);
        if (given == null) {
            String argument = info.getProperty("socketFactoryArg", "");
            sockets = BY_TOKEN.getOrDefault(argument, () -> VirtualSocket.to(ended(argument)));
        } else {
            sockets = (Sockets) given;
        }
    }

    /** Driver properties for a connection whose socket comes from {@code sockets}. */
    static Properties properties(String database, String user, Secret password, Sockets sockets) {
        var info = new Properties();
        info.setProperty("PGDBNAME", database);
        info.setProperty("user", user);
        info.setProperty("password", password.reveal());
        info.setProperty("sslmode", "disable");
        info.setProperty("gssEncMode", "disable");
        info.setProperty("assumeMinServerVersion", "14");
        info.setProperty("socketFactory", SandboxSocketFactory.class.getName());
        info.put(SOCKETS, sockets);
        return info;
    }

    /** What a URL leads to when its test has ended; its argument is a token, then a slash, then the test's name. */
    private static Peer ended(String argument) {
        String test = argument.substring(argument.indexOf('/') + 1);
        var answer = new WireWriter();
        new Refusal("57P01", new Tenant(test).whatEnded().toString(), "").write(answer, "FATAL");
        return new ScriptedPeer(answer);
    }

    static void register(String token, Sockets sockets) {
        BY_TOKEN.put(token, sockets);
    }

    static void unregister(String token) {
        BY_TOKEN.remove(token);
    }

    @Override
    public Socket createSocket() throws IOException {
        return sockets.open();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return sockets.open();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return sockets.open();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return sockets.open();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return sockets.open();
    }
}
