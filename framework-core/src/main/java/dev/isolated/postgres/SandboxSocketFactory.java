package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;
import javax.net.SocketFactory;

/**
 * Where pgjdbc gets the socket of a connection into a sandbox. The driver makes one from its class name, which is why
 * it is public; tests have no use for it. Thread-safe.
 *
 * <p>Connections that the library opens carry their sandbox in the driver's properties; a JDBC URL carries a token.
 */
public final class SandboxSocketFactory extends SocketFactory {

    private static final String SOCKETS = "isolated.sockets";

    private final Sockets sockets;

    /** What pgjdbc calls. */
    public SandboxSocketFactory(Properties info) {
        Object given = info.get(SOCKETS);
        sockets = given == null ? byToken(info.getProperty("socketFactoryArg", "")) : (Sockets) given;
    }

    private static Sockets byToken(String argument) {
        try {
            return UrlToken.of(argument).door()::socket;
        } catch (Refusal e) {
            return () -> refused(e);
        }
    }

    /** Driver properties for a connection whose socket comes from {@code sockets}. */
    static Properties properties(String database, String user, Secret password, Sockets sockets) {
        var given = new Properties();
        given.setProperty("user", user);
        given.setProperty("password", password.reveal());
        return properties(given, database, sockets);
    }

    /** The same with the user, the password and whatever else is given. */
    static Properties properties(Properties given, String database, Sockets sockets) {
        var info = new Properties();
        given.stringPropertyNames().forEach(name -> info.setProperty(name, given.getProperty(name)));
        info.setProperty("PGDBNAME", database);
        info.setProperty("sslmode", "disable");
        info.setProperty("gssEncMode", "disable");
        info.setProperty("assumeMinServerVersion", "14");
        info.setProperty("socketFactory", SandboxSocketFactory.class.getName());
        info.put(SOCKETS, sockets);
        return info;
    }

    private static Socket refused(Refusal reason) throws IOException {
        var answer = new WireWriter();
        reason.write(answer, "FATAL");
        return VirtualSocket.to(new ScriptedPeer(answer));
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
