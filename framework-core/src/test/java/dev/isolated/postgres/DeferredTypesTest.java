package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.settings.Secret;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TypeInfo;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/** Whatever the driver's version does while it makes a connection, it does not fill its table of types. */
class DeferredTypesTest {

    private final AtomicInteger filled = new AtomicInteger();

    @Test
    void theTableIsFilledWhenSomebodyAsks() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT it")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("1");
            assertThat(filled).hasValue(0);
            assertThat(rows.getObject(1)).isEqualTo("1");
            assertThat(rows.getMetaData().getColumnTypeName(1)).isEqualTo("text");
            assertThat(filled).hasPositiveValue();
        }
    }

    private Connection connection() throws SQLException {
        var info = SandboxSocketFactory.properties(
                "test", "test", Secret.random(), () -> VirtualSocket.to(new ScriptedPeer(Rehearsal.answers())));
        return new PgConnection(new HostSpec[] {new HostSpec("localhost", 0)}, info, "jdbc:postgresql:test") {

            @Override
            protected TypeInfo createTypeInfo(BaseConnection connection, int unknownLength) {
                return new DeferredTypes(() -> {
                            filled.incrementAndGet();
                            return super.createTypeInfo(connection, unknownLength);
                        })
                        .proxy();
            }
        };
    }
}
