package dev.isolated.postgres;

import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/**
 * A driver's connection to a server and the socket that it goes over, which this library opens itself: so it is encrypted,
 * if at all, before the driver has it, and others can speak on it. Immutable.
 *
 * @param socket carries the protocol in clear
 * @param bare the operating system's socket; the same one where nothing is encrypted
 */
record Line<C extends PgConnection>(C driver, Socket socket, Socket bare) {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** How long a server may be silent while somebody logs in; afterwards it may take what time it needs. */
    private static final Duration LOG_IN = Duration.ofSeconds(30);

    /** Makes the driver's connection. */
    @FunctionalInterface
    interface Driver<C extends PgConnection> {
        C connect(HostSpec host, Properties info, String url) throws SQLException;
    }

    /** Logs in. */
    static Line<PgConnection> open(Login login) throws SQLException, IOException {
        return open(login, Line::plain);
    }

    /** The same, with a connection of the caller's making. */
    static <C extends PgConnection> Line<C> open(Login login, Driver<C> driver) throws SQLException, IOException {
        return open(login, driver, () -> connected(login.server()));
    }

    /** The same by the shortest way, which may be one on which the server sees no client's address. */
    static Line<PgConnection> shortest(Login login) throws SQLException, IOException {
        Optional<Path> local = login.server().socket();
        return local.isEmpty() ? open(login) : open(login, Line::plain, () -> local(local.get()));
    }

    private static <C extends PgConnection> Line<C> open(Login login, Driver<C> driver, Sockets way)
            throws SQLException, IOException {
        Endpoint endpoint = login.server();
        Socket bare = way.open();
        try {
            Socket socket = encrypted(bare, endpoint);
            var given = new Properties();
            given.putAll(login.more());
            given.setProperty("user", login.user());
            given.setProperty("password", login.password().reveal());
            Properties info =
                    SandboxSocketFactory.properties(given, login.database(), firstThenOthers(socket, endpoint, way));
            var line = new Line<>(driver.connect(login.host(), info, login.url()), socket, bare);
            socket.setSoTimeout(0);
            return line;
        } catch (SQLException | IOException | RuntimeException e) {
            bare.close();
            throw e;
        }
    }

    private static PgConnection plain(HostSpec host, Properties info, String url) throws SQLException {
        return new PgConnection(new HostSpec[] {host}, info, url);
    }

    /** A cancel travels on a connection of its own, which the driver opens with the same properties. */
    private static Sockets firstThenOthers(Socket socket, Endpoint endpoint, Sockets way) {
        var first = new AtomicBoolean(true);
        return () -> first.getAndSet(false) ? socket : opened(endpoint, way);
    }

    private static Socket opened(Endpoint endpoint, Sockets way) throws IOException {
        Socket bare = way.open();
        try {
            return encrypted(bare, endpoint);
        } catch (IOException | RuntimeException e) {
            bare.close();
            throw e;
        }
    }

    private static Socket connected(Endpoint endpoint) throws IOException {
        var bare = new Socket();
        try {
            bare.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), (int) CONNECT.toMillis());
            bare.setSoTimeout((int) LOG_IN.toMillis());
            return bare;
        } catch (IOException | RuntimeException e) {
            bare.close();
            throw e;
        }
    }

    private static Socket local(Path path) throws IOException {
        Socket socket = VirtualSocket.to(UnixPeer.at(path));
        socket.setSoTimeout((int) LOG_IN.toMillis());
        return socket;
    }

    private static Socket encrypted(Socket bare, Endpoint endpoint) throws IOException {
        return endpoint.tls() == Tls.OFF ? bare : Encryption.over(bare, endpoint);
    }
}
