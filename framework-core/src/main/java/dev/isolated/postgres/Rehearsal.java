package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/**
 * One scene between the driver and a server that is not there: a connection is accepted and one query answered. Playing it
 * makes the JVM load the driver, some hundred milliseconds' work that would otherwise begin when the real server is ready.
 */
final class Rehearsal {

    private static final int TEXT = 25;

    private Rehearsal() {}

    /** Plays the scene. */
    static void play() throws SQLException {
        var info = SandboxSocketFactory.properties(
                "rehearsal", "rehearsal", Secret.random(), () -> VirtualSocket.to(new ScriptedPeer(answers())));
        var host = new HostSpec("localhost", 0);
        try (Connection connection = new PgConnection(new HostSpec[] {host}, info, "jdbc:postgresql:rehearsal");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT it")) {
            rows.next();
            rows.getString(1);
        }
    }

    static WireWriter answers() {
        var out = new WireWriter();
        out.begin('R').int32(0).end();
        parameter(out, "server_version", "18.0");
        parameter(out, "client_encoding", "UTF8");
        parameter(out, "DateStyle", "ISO");
        parameter(out, "integer_datetimes", "on");
        parameter(out, "standard_conforming_strings", "on");
        out.begin('K').int32(0).int32(0).end();
        Wire.ready(out, 'I');
        out.begin('1').end().begin('2').end();
        out.begin('T').int16(1).text("it");
        out.int32(0).int16(0).int32(TEXT).int16(-1).int32(-1).int16(0).end();
        out.begin('D').int16(1).int32(1).octet('1').end();
        Wire.complete(out, "SELECT 1");
        Wire.ready(out, 'I');
        return out;
    }

    private static void parameter(WireWriter out, String name, String value) {
        out.begin('S').text(name).text(value).end();
    }
}
