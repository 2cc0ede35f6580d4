package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.ExtendWith;

/** Statements that are prepared by {@code PREPARE}. */
@ExtendWith(Sandboxes.class)
class PreparedTest {

    private static final String[] DEALLOCATIONS = {"deallocate all", "deallocate prepare all", "discard all"};

    @InEachQueryMode
    void statementsOfAConnectionGoWhereItSaysSo(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            for (String deallocation : DEALLOCATIONS) {
                Sql.run(connection, "prepare p as select 1", "prepare \"O'dd$\" (int) as select $1", deallocation);
                assertThat(Sql.state(() -> Sql.run(connection, "execute p"))).isEqualTo("26000");
                assertThat(Sql.state(() -> Sql.run(connection, "execute \"O'dd$\" (1)")))
                        .isEqualTo("26000");
            }
            Sql.run(connection, "prepare p as select 1; deallocate all; prepare p as select 2");
            assertThat(Sql.one(connection, "execute p")).isEqualTo("2");
        }
    }

    @InEachQueryMode
    void statementsOfOthersStay(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(one, "prepare ours as select 1");
            for (String deallocation : DEALLOCATIONS) {
                Sql.run(other, "prepare theirs as select 2", deallocation);
                assertThat(Sql.one(one, "execute ours")).isEqualTo("1");
            }
        }
    }

    @InEachQueryMode
    void statementsEndWithTheirConnection(String mode, Postgres postgres) throws SQLException {
        try (Connection open = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(open, "prepare ours as select 1", "begin");
            for (int i = 0; i < 3; i++) {
                try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
                    Sql.run(connection, "prepare p as select 1; prepare q as select 2", "deallocate q");
                    assertThat(Sql.one(connection, "execute p")).isEqualTo("1");
                }
            }
            assertThat(Sql.one(open, "execute ours")).isEqualTo("1");
        }
    }

    @InEachQueryMode
    void nameThatAnotherOpenConnectionHasIsTheServersError(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(one, "prepare p as select 1");
            assertThat(Sql.state(() -> Sql.run(other, "prepare p as select 2"))).isEqualTo("42P05");
        }
    }
}
