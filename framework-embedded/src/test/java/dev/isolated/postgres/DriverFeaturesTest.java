package dev.isolated.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.BaseConnection;
import org.postgresql.geometric.PGbox;
import org.postgresql.geometric.PGpoint;
import org.postgresql.jdbc.TypeInfoCache;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;
import org.postgresql.util.PGobject;

@ExtendWith(Sandboxes.class)
class DriverFeaturesTest {

    @Test
    void case05CopyGoesInAndOut(Postgres postgres) throws SQLException, IOException {
        try (Connection connection = table(postgres)) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            String rows = "1\tone\n2\ttwo\n";
            assertThat(copy.copyIn("copy thing from stdin", new StringReader(rows)))
                    .isEqualTo(2);
            var out = new ByteArrayOutputStream();
            assertThat(copy.copyOut("copy thing to stdout", out)).isEqualTo(2);
            assertThat(out.toString(UTF_8)).isEqualTo(rows);
        }
    }

    @Test
    void case05FailingCopyKeepsNothingAndHurtsNothing(Postgres postgres) throws SQLException, IOException {
        try (Connection connection = table(postgres)) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            String rows = "1\tone\nnonsense\n" + "2\ttwo\n".repeat(100_000);
            assertThat(Sql.state(() -> copy.copyIn("copy thing from stdin", new StringReader(rows))))
                    .isEqualTo("22P02");
            assertThat(Sql.ids(connection)).isEmpty();

            CopyIn given = copy.copyIn("copy thing from stdin");
            given.writeToCopy("3\tthree\n".getBytes(UTF_8), 0, 8);
            given.cancelCopy();
            assertThat(Sql.ids(connection)).isEmpty();
        }
    }

    @Test
    void case05TypesAreTheDriversOwnAndThoseThatItIsToldOf(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            Sql.run(connection, "create type mood as range (subtype = int4)");
            connection.unwrap(PGConnection.class).addDataType("mood", Mood.class);
            try (PreparedStatement statement = connection.prepareStatement(
                    "select point(1, 2), box(point(0, 0), point(1, 1)), '[1,2)'::mood, '{1,2}'::int[], gen_random_uuid()")) {
                statement.unwrap(PGStatement.class).setPrepareThreshold(-1);
                ResultSet row = statement.executeQuery();
                assertThat(row.next()).isTrue();
                assertThat(row.getObject(1)).isEqualTo(new PGpoint(1, 2));
                assertThat(row.getObject(2)).isEqualTo(new PGbox(0, 0, 1, 1));
                assertThat(row.getObject(3)).isInstanceOf(Mood.class);
                assertThat(row.getArray(4).getArray()).isEqualTo(new Integer[] {1, 2});
                assertThat(row.getObject(5)).isInstanceOf(UUID.class);
            }
            assertThat(connection.unwrap(BaseConnection.class).getTypeInfo()).isInstanceOf(TypeInfoCache.class);
        }
    }

    /** For the driver to make. */
    public static final class Mood extends PGobject {

        private static final long serialVersionUID = 1L;
    }

    @Test
    void case05CopyAsAStatementFailsAsOnABareConnection(Postgres postgres) throws SQLException {
        try (Connection connection = table(postgres)) {
            assertThatThrownBy(() -> Sql.run(connection, "copy thing from stdin"))
                    .hasMessageContaining("only supported using the CopyManager API");
            assertThat(Sql.ids(connection)).isEmpty();
            try (Connection other = postgres.connection()) {
                assertThat(Sql.ids(other)).isEmpty();
            }
        }
    }

    @Test
    void case20ConnectionClosedInTheMidstOfACopyIsNobodyElsesConcern(Postgres postgres) throws SQLException {
        try (Connection connection = table(postgres)) {
            Connection copying = postgres.connection();
            CopyIn copy = copying.unwrap(PGConnection.class).getCopyAPI().copyIn("copy thing from stdin");
            copy.writeToCopy("1\tone\n".getBytes(UTF_8), 0, 6);
            copy.flushCopy();
            copying.abort(Runnable::run);

            assertThat(Sql.ids(connection)).isEmpty();
        }
    }

    @Test
    void case05ConnectionIsValidAlsoInAFailedTransactionButNotOnceItIsClosed(Postgres postgres) throws SQLException {
        Connection connection = postgres.connection();
        connection.setAutoCommit(false);
        assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
        assertThat(connection.isValid(1)).isTrue();
        assertThat(Sql.state(() -> Sql.run(connection, "select 1"))).isEqualTo("25P02");
        connection.close();

        assertThat(connection.isValid(1)).isFalse();
    }

    /** The driver loses count of an empty statement in a batch, and takes the copy for one of the batch's. */
    @Test
    void case20CopyThatIsNotFedIsGivenUpAsOnABareConnection(Postgres postgres) throws SQLException, IOException {
        try (Connection connection = table(postgres)) {
            try (Connection confused = Sandboxes.byUrl(postgres, "&preferQueryMode=simple");
                    Statement batch = confused.createStatement()) {
                batch.addBatch("");
                batch.addBatch("insert into thing values (1)");
                batch.executeBatch();
                var copy = confused.unwrap(PGConnection.class).getCopyAPI();
                assertThat(Sql.state(() -> copy.copyIn("copy thing from stdin", new StringReader("2\ttwo\n"))))
                        .isEqualTo("55000");
                assertThatThrownBy(() -> Sql.run(confused, "select 1"))
                        .hasMessageContaining("unexpected message type 0x51 during COPY from stdin");
                assertThat(confused.isClosed()).isTrue();
            }
            assertThat(Sql.ids(connection)).containsExactly("1");
        }
    }

    @Test
    void case05LargeObjectsWork(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            connection.setAutoCommit(false);
            LargeObjectManager objects = connection.unwrap(PGConnection.class).getLargeObjectAPI();
            long id = objects.createLO();
            byte[] content = "a large object".repeat(50_000).getBytes(UTF_8);
            try (LargeObject object = objects.open(id, LargeObjectManager.WRITE)) {
                object.write(content);
            }
            connection.commit();
            try (LargeObject object = objects.open(id, LargeObjectManager.READ)) {
                assertThat(object.read(content.length + 1)).isEqualTo(content);
            }
            connection.rollback();
        }
    }

    @Test
    void case05NotificationsArraysAndClientInfoAnswer(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                PreparedStatement sum = connection.prepareStatement("select sum(i) from unnest(?::int[]) i")) {
            PGConnection driver = connection.unwrap(PGConnection.class);
            assertThat(driver.getNotifications()).isNullOrEmpty();
            assertThat(driver.getNotifications(20)).isNullOrEmpty();
            assertThat(driver.getBackendPID()).isPositive();
            sum.setArray(1, connection.createArrayOf("int4", new Integer[] {1, 2, 39}));
            try (ResultSet rows = sum.executeQuery()) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(42);
            }
            connection.setClientInfo("ApplicationName", "my app");
            assertThat(Sql.one(connection, "show application_name")).isEqualTo("my app");
        }
    }

    @Test
    void case05CursorsFetchInSteps(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(7);
            var seen = new ArrayList<Integer>();
            try (ResultSet rows = statement.executeQuery("select generate_series(1, 100)")) {
                while (rows.next()) {
                    seen.add(rows.getInt(1));
                }
            }
            assertThat(seen).hasSize(100).last().isEqualTo(100);
            connection.commit();
        }
    }

    @Test
    void case05ServerPreparedStatementsOfTwoConnectionsDoNotCollide(Postgres postgres) throws SQLException {
        try (Connection first = postgres.connection();
                Connection second = postgres.connection();
                PreparedStatement one = first.prepareStatement("select 'one' || ?::text");
                PreparedStatement two = second.prepareStatement("select 'two' || ?::text")) {
            for (int i = 0; i < 20; i++) {
                assertThat(answer(one, i)).isEqualTo("one" + i);
                assertThat(answer(two, i)).isEqualTo("two" + i);
            }
            Sql.run(first, "deallocate all");
            assertThat(answer(one, 20)).isEqualTo("one20");
            assertThat(answer(two, 20)).isEqualTo("two20");
        }
    }

    @Test
    void case05ClosedConnectionsLeaveNoPreparedStatementsBehind(Postgres postgres) throws SQLException {
        for (int i = 0; i < 10; i++) {
            try (Connection connection = postgres.connection();
                    PreparedStatement statement = connection.prepareStatement("select ?::text")) {
                for (int j = 0; j < 10; j++) {
                    answer(statement, j);
                }
            }
        }
        try (Connection connection = postgres.connection()) {
            assertThat(Sql.list(connection, "select name from pg_prepared_statements where name not like 'isolated:%'"))
                    .isEmpty();
        }
    }

    @Test
    void case05BatchesReturnGeneratedKeys(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            Sql.run(connection, "create table keyed (id serial primary key, name text)");
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into keyed (name) values (?)", Statement.RETURN_GENERATED_KEYS)) {
                for (int i = 0; i < 200; i++) {
                    insert.setString(1, "n" + i);
                    insert.addBatch();
                }
                assertThat(Arrays.stream(insert.executeBatch()).sum()).isEqualTo(200);
                List<Integer> keys = new ArrayList<>();
                try (ResultSet generated = insert.getGeneratedKeys()) {
                    while (generated.next()) {
                        keys.add(generated.getInt(1));
                    }
                }
                assertThat(keys).hasSize(200).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void case05CallableStatementsWork(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            Sql.run(connection, "create function twice(i int) returns int language sql as 'select 2 * i'");
            try (CallableStatement call = connection.prepareCall("{? = call twice(?)}")) {
                call.registerOutParameter(1, Types.INTEGER);
                call.setInt(2, 21);
                call.execute();
                assertThat(call.getInt(1)).isEqualTo(42);
            }
        }
    }

    @Test
    void case05BigValuesGoBothWays(Postgres postgres) throws SQLException {
        byte[] big = new byte[6_000_000];
        Arrays.fill(big, (byte) 7);
        try (Connection connection = postgres.connection();
                PreparedStatement echo = connection.prepareStatement("select ?::bytea")) {
            for (int i = 0; i < 3; i++) {
                echo.setBytes(1, big);
                try (ResultSet rows = echo.executeQuery()) {
                    rows.next();
                    assertThat(Arrays.equals(rows.getBytes(1), big)).isTrue();
                }
            }
        }
    }

    private static Connection table(Postgres postgres) throws SQLException {
        Connection connection = postgres.connection();
        Sql.run(connection, Sql.TABLE);
        return connection;
    }

    private static String answer(PreparedStatement statement, int value) throws SQLException {
        statement.setInt(1, value);
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }
}
