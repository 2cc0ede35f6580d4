package dev.isolated.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;

/**
 * The one real connection beneath a sandbox. pgjdbc opens it and authenticates; from then on the sandbox speaks on its
 * socket. Whoever holds the sandbox's turn uses it; {@link #cancel} and {@link #close} may come from any thread.
 */
final class PhysicalConnection {

    private static final int BUFFER = 32 * 1024;
    private static final int KEPT = 256 * 1024;
    private static final int HEADER = 5;

    private static final String DEFERRABLE = "EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE condeferrable)"
            + " OR EXISTS (SELECT FROM pg_catalog.pg_proc WHERE pronamespace NOT IN"
            + " ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) AND prosrc ILIKE '%deferr%')";

    private static final String TEMPORARY = "EXISTS (SELECT FROM " + TemporarySql.FUNCTIONS + ")";

    /** It idles in its transaction where the application's connections idle outside of theirs. */
    private static final String UNLIMITED = ServerLimits.liftIdle();

    private static final String OPENING =
            "SELECT state LIKE 'idle%%' OR strpos(query, '%s') > 0 FROM pg_catalog.pg_stat_activity WHERE pid = %d";

    private final Login login;
    private final Line<PgConnection> line;
    private final boolean deferrable;
    private final boolean temporariesInFunctions;
    private final Greetings greetings;
    private final Readings readings = new Readings();
    private final InputStream in;
    private final InputStream beneath;
    private final OutputStream out;
    private byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private String lastError = "";
    private volatile @Nullable IOException lost;

    private PhysicalConnection(Login login, Line<PgConnection> line) throws SQLException, IOException {
        this.login = login;
        this.line = line;
        String found = ask("SELECT concat(" + DEFERRABLE + ", " + TEMPORARY + "), " + UNLIMITED);
        deferrable = found.startsWith("t");
        temporariesInFunctions = found.endsWith("t");
        greetings = new Greetings(parameters());
        in = line.socket().getInputStream();
        out = line.socket().getOutputStream();
        beneath = line.bare() == line.socket() ? in : line.bare().getInputStream();
    }

    static PhysicalConnection open(Login login, String name) throws SQLException, IOException {
        var connection = new PhysicalConnection(login, line(login, name));
        connection.prepareCommands();
        return connection;
    }

    private static Line<PgConnection> line(Login login, String name) throws SQLException, IOException {
        return Line.shortest(login.with("ApplicationName", name));
    }

    /** How it has logged in, which no test is told. */
    Login login() {
        return login;
    }

    /** What the server said of itself when the connection was opened. */
    Map<String, String> parameters() {
        return line.driver().getParameterStatuses();
    }

    /** What it tells the connections above it. */
    Greetings greetings() {
        return greetings;
    }

    /** What the connections above it have said before, and what that means. */
    Readings readings() {
        return readings;
    }

    /** Whether there were, when the connection was opened, constraints or triggers that may wait for a commit. */
    boolean deferrable() {
        return deferrable;
    }

    /** Whether there were, then, functions that make temporary tables which a commit drops or empties. */
    boolean temporariesInFunctions() {
        return temporariesInFunctions;
    }

    /** What sets all sequences to where they are now; empty where there are none. Only while nobody else is using it. */
    String sequences() throws SQLException {
        String queries = ask(Sequences.QUERIES);
        return queries.isEmpty() ? "" : "SELECT " + ask(Sequences.setting(queries));
    }

    private String ask(String question) throws SQLException {
        return ask(line.driver(), question);
    }

    private static String ask(PgConnection driver, String question) throws SQLException {
        try (Statement statement = driver.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            rows.next();
            String answer = rows.getString(1);
            return answer == null ? "" : answer;
        }
    }

    int backendPid() {
        return line.driver().getBackendPID();
    }

    void send(WireWriter message) throws IOException {
        try {
            message.drainTo(out);
        } catch (IOException e) {
            throw lose(lastWords(e));
        }
    }

    /** A server that takes nothing any more may have said why. */
    private IOException lastWords(IOException failure) {
        try {
            while (true) {
                next();
                consume();
            }
        } catch (IOException end) {
            end.addSuppressed(failure);
            return end;
        }
    }

    /** How long {@link #next()} may wait for the server; 0 is for ever. */
    void readTimeout(int millis) throws SocketException {
        if (line.socket().getSoTimeout() != millis) {
            line.socket().setSoTimeout(millis);
        }
    }

    /** Waits until a whole message is there and returns its type; its body is then in the buffer. */
    char next() throws IOException {
        fill(HEADER);
        int length = Wire.int32(buffer, from + 1);
        fill(1 + length);
        if (buffer[from] == 'E') {
            lastError = Wire.errorMessage(buffer, from + HEADER, messageEnd());
        }
        return (char) buffer[from];
    }

    /** The last error that it has sent. */
    String lastError() {
        return lastError;
    }

    /** The current message as received, from its type on. */
    byte[] buffer() {
        return buffer;
    }

    int messageStart() {
        return from;
    }

    int messageEnd() {
        return from + 1 + Wire.int32(buffer, from + 1);
    }

    /** Goes behind the current message. */
    void consume() {
        from = messageEnd();
        if (from == to) {
            from = 0;
            to = 0;
            if (buffer.length > KEPT) {
                buffer = new byte[BUFFER];
            }
        }
    }

    /** Whether another whole message has already been received. */
    boolean buffered() {
        return to - from >= HEADER && to - from >= 1 + Wire.int32(buffer, from + 1);
    }

    /**
     * Asks the server, on another connection, whether it is still at what opens a unit, or not even there; where it does
     * not keep account of what it does (track_activities is off), it is taken to be behind that.
     */
    boolean opening() throws SQLException, IOException {
        try (PgConnection beside = line(login, "isolated cancel").driver()) {
            return ask(beside, OPENING.formatted(Command.UNIT, backendPid())).equals("t");
        }
    }

    /** Asks the server to cancel what the connection is doing; returns after the server has taken note. */
    void cancel() throws SQLException {
        line.driver().cancelQuery();
    }

    /** Whether the server has said something unasked, such as that it disconnects; free of round trips. */
    boolean disturbed() {
        try {
            return lost != null || from != to || in.available() > 0 || (beneath != in && beneath.available() > 0);
        } catch (IOException e) {
            lose(e);
            return true;
        }
    }

    /** Why the connection is gone, or null while it is not known to be. */
    @Nullable IOException lost() {
        return lost;
    }

    /** Disconnects; the server undoes what was not committed, which is everything. */
    void close() {
        try {
            // First, because the end of an encrypted one might wait for a writer.
            line.bare().close();
            line.socket().close();
        } catch (IOException e) {
            lose(e);
        }
    }

    private void prepareCommands() throws IOException {
        var messages = new WireWriter();
        for (Command command : Command.values()) {
            command.parse(messages);
        }
        Wire.sync(messages);
        send(messages);
        awaitReady();
    }

    /** Reads up to {@code ReadyForQuery}; the first error among the answers is thrown. */
    char awaitReady() throws IOException {
        String error = "";
        while (true) {
            char type = next();
            if (type == 'E' && error.isEmpty()) {
                error = Wire.errorMessage(buffer, from + HEADER, messageEnd());
            }
            char status = type == 'Z' ? (char) buffer[from + HEADER] : 0;
            consume();
            if (type == 'Z') {
                if (!error.isEmpty()) {
                    throw new IOException(error);
                }
                return status;
            }
        }
    }

    private void fill(int wanted) throws IOException {
        while (to - from < wanted) {
            if (from + wanted > buffer.length) {
                makeRoom(wanted);
            }
            int count;
            try {
                count = in.read(buffer, to, buffer.length - to);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                throw lose(e);
            }
            if (count < 0) {
                throw lose(new IOException("the server closed the connection beneath the sandbox (backend "
                        + backendPid() + (lastError.isEmpty() ? ")" : "), the last it said: " + lastError)));
            }
            to += count;
        }
    }

    private void makeRoom(int wanted) {
        byte[] roomy = wanted > buffer.length ? new byte[Math.max(wanted, buffer.length * 2)] : buffer;
        System.arraycopy(buffer, from, roomy, 0, to - from);
        buffer = roomy;
        to -= from;
        from = 0;
    }

    private IOException lose(IOException reason) {
        if (lost == null) {
            lost = reason;
        }
        return reason;
    }
}
