package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/**
 * A server that knows one scene: it accepts a connection and answers one query. Playing it makes the JVM load the driver,
 * some hundred milliseconds' work that would otherwise begin when the real server is ready. Used once, by one thread.
 */
final class Rehearsal implements Peer {

    private static final int TEXT = 25;

    private final WireWriter answers = new WireWriter();
    private int read;

    private Rehearsal() {
        answers.begin('R').int32(0).end();
        parameter("server_version", "18.0");
        parameter("client_encoding", "UTF8");
        parameter("DateStyle", "ISO");
        parameter("integer_datetimes", "on");
        parameter("standard_conforming_strings", "on");
        answers.begin('K').int32(0).int32(0).end();
        Wire.ready(answers, 'I');
        answers.begin('1').end().begin('2').end();
        answers.begin('T').int16(1).text("it");
        answers.int32(0).int16(0).int32(TEXT).int16(-1).int32(-1).int16(0).end();
        answers.begin('D').int16(1).int32(1).octet('1').end();
        Wire.complete(answers, "SELECT 1");
        Wire.ready(answers, 'I');
    }

    /** Plays the scene. */
    static void play() throws SQLException {
        var info = SandboxSocketFactory.properties(
                "rehearsal", "rehearsal", Secret.of(""), () -> VirtualSocket.to(new Rehearsal()));
        var host = new HostSpec("localhost", 0);
        try (Connection connection = new PgConnection(new HostSpec[] {host}, info, "jdbc:postgresql:rehearsal");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT it")) {
            rows.next();
            rows.getString(1);
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        // What the driver says is known.
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public int read(byte[] target, int offset, int length, int timeoutMillis) {
        int count = answers.copy(read, target, offset, length);
        read += count;
        return count == 0 ? -1 : count;
    }

    @Override
    public int available() {
        return answers.length() - read;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    private void parameter(String name, String value) {
        answers.begin('S').text(name).text(value).end();
    }
}
