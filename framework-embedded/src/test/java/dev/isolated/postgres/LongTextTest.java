package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

/** Texts of many statements, which the driver sends as one message, such as dumps and migrations. */
@ExtendWith(Sandboxes.class)
class LongTextTest {

    private static final int STATEMENTS = 20_000;
    private static final int CONTROLLED = 2_000;

    @ParameterizedTest
    @ValueSource(strings = {"&preferQueryMode=simple", "&preferQueryMode=extendedForPrepared"})
    @Timeout(60)
    void case12TextCostsNoMoreThanItsLength(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, Sql.TABLE, inserts(0, STATEMENTS));
            Sql.run(connection, "begin;" + inserts(STATEMENTS, STATEMENTS + CONTROLLED) + "; commit");

            assertThat(Sql.one(connection, "select count(*) from thing"))
                    .isEqualTo(Integer.toString(STATEMENTS + CONTROLLED));
        }
    }

    private static String inserts(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(id -> "insert into thing values (" + id + ", '" + "name ".repeat(12) + id + "')")
                .collect(Collectors.joining(";\n"));
    }

    @InEachQueryMode
    void case12ErrorStandsWhereItStandsInTheWholeText(String mode, Postgres postgres) throws SQLException {
        String sql = "begin; select 'é😀' ;\n commit; select 1, missing from pg_class; rollback";
        int production;
        try (Connection bare = Sandboxes.bare(postgres, mode)) {
            production = position(bare, sql);
        }
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            assertThat(position(connection, sql)).isEqualTo(production).isPositive();
        }
    }

    private static int position(Connection connection, String sql) {
        PSQLException failure = catchThrowableOfType(PSQLException.class, () -> Sql.run(connection, sql));
        assertThat(failure.getServerErrorMessage()).isNotNull();
        return failure.getServerErrorMessage().getPosition();
    }
}
