package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.settings.Secret;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

class VirtualSocketTest {

    @Test
    void optionsAreThoseThatTheDriverWasAskedFor() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        var info = SandboxSocketFactory.properties("test", "test", Secret.random(), () -> {
            sockets.add(VirtualSocket.to(new ScriptedPeer(Rehearsal.answers())));
            return sockets.get(0);
        });
        info.setProperty("tcpKeepAlive", "true");
        info.setProperty("tcpNoDelay", "false");
        info.setProperty("receiveBufferSize", "2048");
        info.setProperty("sendBufferSize", "8192");
        info.setProperty("socketTimeout", "7");
        try (var connection =
                        new PgConnection(new HostSpec[] {new HostSpec("localhost", 0)}, info, "jdbc:postgresql:x");
                Socket socket = sockets.get(0)) {
            assertThat(connection.isClosed()).isFalse();
            assertThat(socket.getKeepAlive()).isTrue();
            assertThat(socket.getTcpNoDelay()).isFalse();
            assertThat(socket.getReceiveBufferSize()).isEqualTo(2048);
            assertThat(socket.getSendBufferSize()).isEqualTo(8192);
            assertThat(socket.getSoTimeout()).isEqualTo(7000);
        }
    }
}
