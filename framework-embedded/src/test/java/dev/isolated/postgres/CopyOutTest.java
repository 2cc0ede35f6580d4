package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.isolated.contract.OwnThread;
import dev.isolated.environment.IsolatedEnvironment;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.postgresql.copy.PGCopyInputStream;

/** A copy that nobody reads to its end ends all the same, though the server may have said all of it long since. */
class CopyOutTest {

    private static final long SECONDS = 20;

    private enum End {
        CONNECTION_CLOSED {
            @Override
            void breakOff(Connection connection, String copy) throws SQLException {
                begun(connection, copy);
                connection.close();
            }
        },
        CANCELLED {
            @Override
            void breakOff(Connection connection, String copy) throws SQLException {
                begun(connection, copy).cancelCopy();
                assertUsable(connection);
            }
        },
        STREAM_CLOSED {
            @Override
            void breakOff(Connection connection, String copy) throws SQLException, IOException {
                try (var stream = new PGCopyInputStream(connection.unwrap(PGConnection.class), copy)) {
                    assertThat(stream.read()).isEqualTo('1');
                }
                assertUsable(connection);
            }
        },
        LEFT_OPEN {
            @Override
            void breakOff(Connection connection, String copy) throws SQLException {
                begun(connection, copy);
            }
        };

        abstract void breakOff(Connection connection, String copy) throws SQLException, IOException;
    }

    /** With any server the driver hands what it has not read of the copy's end to whatever comes next. */
    private static void assertUsable(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            Sql.state(() -> Sql.run(connection, "select 1"));
            assertThat(Sql.one(connection, "select 1")).isEqualTo("1");
        }
    }

    private static CopyOut begun(Connection connection, String copy) throws SQLException {
        CopyOut out = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy);
        assertThat(out.readFromCopy()).startsWith('1');
        return out;
    }

    static Stream<Arguments> ways() {
        return Stream.of(End.values())
                .flatMap(end -> IntStream.of(100, 10_000, 3_000_000)
                        .boxed()
                        .flatMap(
                                rows -> Stream.of(true, false).map(autocommit -> Arguments.of(end, rows, autocommit))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void case21CopyThatIsBrokenOffEnds(End end, int rows, boolean autocommit) throws Exception {
        String copy = "copy (select * from generate_series(1, " + rows + ")) to stdout";
        var ended = OwnThread.run(() -> assertThatCode(() -> {
                    try (IsolatedEnvironment environment = Sandboxes.open("reader")) {
                        Connection connection = environment.get(Postgres.class).connection();
                        connection.setAutoCommit(autocommit);
                        end.breakOff(connection, copy);
                    }
                })
                .doesNotThrowAnyException());

        ended.get(SECONDS, TimeUnit.SECONDS);
        try (IsolatedEnvironment next = Sandboxes.open("next");
                Connection works = next.get(Postgres.class).connection()) {
            assertThat(Sql.one(works, "select 1")).isEqualTo("1");
        }
    }
}
