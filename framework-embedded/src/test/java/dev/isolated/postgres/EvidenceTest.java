package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.application.Application;
import dev.isolated.contract.OwnThread;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.spi.Evidence;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a sandbox tells of a test that has failed. */
class EvidenceTest {

    @Test
    void case35TheRowsThatATestWroteAreTold() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1, 'tea'), (2, null), (3, 'milk')");
            Sql.run(connection, "delete from thing where id = 3");

            assertThat(told(environment, "rows written to public.thing"))
                    .isEqualTo("state | id | name\ncommitted | 1 | tea\ncommitted | 2 | null");
            assertThat(told(environment, "tables touched, rolled back changes included"))
                    .startsWith("public.thing: 3 inserted, 0 updated, 1 deleted");
        }
    }

    @Test
    void case35RowsThatWereThereBeforeAreNotAmongThem() throws SQLException {
        var scripts = Map.of("isolated.postgres.scripts", "dev/isolated/postgres/evidence.sql");
        try (Environments environments = Sandboxes.environments(scripts);
                IsolatedEnvironment environment = Sandboxes.open(environments, "Shop.buys");
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.run(connection, "update goods set stock = 7 where name = 'tea'");

            assertThat(told(environment, "rows written to public.goods"))
                    .isEqualTo("state | name | stock\ncommitted | tea | 7");
            assertThat(told(environment, "tables touched")).contains("public.goods: 0 inserted, 1 updated");
        }
    }

    @Test
    void case35WhatIsNotYetCommittedIsToldApart() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
                Connection connection =
                        Application.open(environment.get(Postgres.class).dataSource())) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)");
            connection.setAutoCommit(false);
            Sql.run(connection, "insert into thing values (2)");

            assertThat(told(environment, "rows written to public.thing"))
                    .isEqualTo("state | id | name\ncommitted | 1 | null\nuncommitted | 2 | null");
            assertThat(told(environment, "connections"))
                    .startsWith(
                            "connection 1, in a transaction, opened\n\tat dev.isolated.application.Application.open");
            assertThat(told(environment, "locks")).contains("RowExclusiveLock  held  public.thing");

            connection.rollback();
            assertThat(Sql.ids(connection)).containsExactly("1");
        }
    }

    @Test
    void case35WhatATransactionDoesThatIsTheTestsFirstIsNotYetCommitted() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
                Connection connection = environment.get(Postgres.class).connection()) {
            connection.setAutoCommit(false);
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)");

            assertThat(told(environment, "rows written to public.thing"))
                    .isEqualTo("state | id | name\nuncommitted | 1 | null");

            connection.commit();
            assertThat(Sql.ids(connection)).containsExactly("1");
        }
    }

    @Test
    void case35InAFailedTransactionTheCommittedRowsAreToldAndItIsStillFailed() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)");
            connection.setAutoCommit(false);
            Sql.run(connection, "insert into thing values (2)");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");

            assertThat(told(environment, "failed transaction")).contains("what was done in it is lost");
            assertThat(told(environment, "rows written to public.thing"))
                    .isEqualTo("state | id | name\ncommitted | 1 | null");

            assertThat(Sql.state(() -> Sql.run(connection, "select 1"))).isEqualTo("25P02");
            connection.rollback();
            assertThat(Sql.ids(connection)).containsExactly("1");
        }
    }

    @Test
    void case35AfterAFailedCallTheOtherRowsAreTold() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)");
            assertThat(Sql.state(() -> Sql.run(connection, "insert into thing values (1)")))
                    .isEqualTo("23505");

            assertThat(told(environment, "rows written to public.thing"))
                    .isEqualTo("state | id | name\ncommitted | 1 | null");
            assertThat(Sql.ids(connection)).containsExactly("1");
        }
    }

    @Test
    void case35ATransactionThatFailedBeforeAnythingWasCommittedHasNoRowsToTell() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
                Connection connection = environment.get(Postgres.class).connection()) {
            connection.setAutoCommit(false);
            Sql.run(connection, Sql.TABLE);
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");

            assertThat(told(environment, "rows written"))
                    .isEqualTo("none: everything was done in one transaction, and that has failed");
            assertThat(told(environment, "statements"))
                    .contains("connection 1  select 1/0  -- division by zero (SQLSTATE 22012) after ");
            connection.rollback();
        }
    }

    @Test
    void case35WhatAnApplicationHasOpenGoesOnUnharmed() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.run(connection, "set search_path = pg_temp", "create temp table thing (id int)");
            connection.setAutoCommit(false);
            Sql.run(connection, "insert into thing select generate_series(1, 5)");
            Savepoint savepoint = connection.setSavepoint("mine");
            try (PreparedStatement cursor = connection.prepareStatement("select id from thing order by id")) {
                cursor.setFetchSize(2);
                try (var rows = cursor.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(environment.evidence()).isNotEmpty();
                    for (int id = 2; id <= 5; id++) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getInt(1)).isEqualTo(id);
                    }
                }
            }
            Sql.run(connection, "delete from thing");
            connection.rollback(savepoint);
            assertThat(Sql.ids(connection)).hasSize(5);
            assertThat(Sql.one(connection, "show search_path")).isEqualTo("pg_temp");
            connection.commit();
        }
    }

    @Test
    void case35NotMoreRowsAndNotLongerValuesAreToldThanCanBeRead() throws SQLException {
        try (Environments environments = Sandboxes.environments(Map.of("isolated.evidence.rows", "2"));
                IsolatedEnvironment environment = Sandboxes.open(environments, "Shop.buys");
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.run(
                    connection,
                    Sql.TABLE,
                    "insert into thing select id, repeat('x', 5000) from generate_series(1, 9) id");

            assertThat(told(environment, "rows written to public.thing").lines())
                    .containsExactly(
                            "state | id | name",
                            "committed | 1 | " + "x".repeat(200) + "...",
                            "committed | 2 | " + "x".repeat(200) + "...",
                            "... and more");
        }
    }

    @Test
    void case35TableThatCannotBeReadIsSaidSo() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)", "revoke all on thing from current_user");

            assertThat(told(environment, "rows written to public.thing"))
                    .isEqualTo("could not be had: permission denied for table thing");
            Sql.run(connection, "create table other (id int)");
        }
    }

    @Test
    void case35TheLastStatementsAreToldWithTheirOutcomeAndWithoutSecrets() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("Shop.buys")) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection connection = postgres.connection()) {
                Sql.run(connection, Sql.TABLE);
                for (int i = 1; i <= 60; i++) {
                    Sql.run(connection, "select " + i);
                }
                try (PreparedStatement insert = connection.prepareStatement("insert into thing values (?)")) {
                    for (int id : new int[] {1, 1, 2}) {
                        insert.setInt(1, id);
                        insert.addBatch();
                    }
                    assertThat(Sql.state(insert::executeBatch)).isEqualTo("23505");
                }
                String secret = postgres.password().reveal();
                Sql.state(() -> Sql.run(connection, "alter role nobody password 'hunter2'", "select '" + secret + "'"));
                Sql.state(() -> Sql.run(connection, "select '" + secret + "'"));

                assertThat(told(environment, "statements").lines())
                        .hasSize(50)
                        .anyMatch(
                                line -> line.matches("\\+\\d+ ms {2}connection 1 {2}select 60 {2}-- ok after \\d+ µs"))
                        .anyMatch(line -> line.contains("insert into thing values ($1)  -- ok after"))
                        .anyMatch(line -> line.contains("insert into thing values ($1)  -- duplicate key"))
                        .anyMatch(line -> line.contains("insert into thing values ($1)  -- not run after"))
                        .anyMatch(line -> line.contains("alter role nobody password '***'  -- role"))
                        .anyMatch(line -> line.contains("select '***'  -- ok"));
                assertThat(all(environment)).doesNotContain("hunter2", secret);
            }
        }
    }

    @Test
    void case35WhileAStatementRunsTheRestIsTold() throws Exception {
        try (IsolatedEnvironment environment = Sandboxes.open("sleeper")) {
            Postgres postgres = environment.get(Postgres.class);
            Connection connection = Application.open(postgres.dataSource());
            var state = OwnThread.supply(() -> Sql.state(() -> Sql.run(connection, "select pg_sleep(20)")));
            Sql.awaitSleep(postgres);

            assertThat(told(environment, "rows written")).isEqualTo("could not be had: a statement is still running");
            assertThat(told(environment, "statements")).endsWith("connection 1  select pg_sleep(20)  -- no answer");
            assertThat(told(environment, "connections")).contains("Application.open");
            connection.createStatement().cancel();
            connection.abort(Runnable::run);
            assertThat(state.get(5, TimeUnit.SECONDS)).isNotEqualTo("no failure");
        }
    }

    @Test
    void case35OfALostConnectionIsToldWhatIsKnown() throws SQLException {
        IsolatedEnvironment environment = Sandboxes.open("unlucky");
        Postgres postgres = environment.get(Postgres.class);
        try (Connection connection = postgres.connection();
                Connection bare = Sandboxes.bare(postgres)) {
            Sql.run(connection, Sql.TABLE);
            String pid = Sql.one(connection, "select pg_backend_pid()");
            Sql.run(bare, "select pg_terminate_backend(" + pid + ", 5000)");
            assertThat(Sql.state(() -> Sql.ids(connection))).isNotEqualTo("no failure");
        }

        assertThat(told(environment, "rows written"))
                .startsWith("could not be had: the connection beneath the sandbox is of no further use: ")
                .contains("terminating connection");
        assertThat(told(environment, "statements")).contains("create table thing");
        assertThat(Sql.state(() -> DriverManager.getConnection(postgres.jdbcUrl())))
                .isNotEqualTo("no failure");
        assertThatThrownBy(environment::close).hasMessageContaining("roll back what unlucky did");
    }

    @Test
    void case35ThatTheDataOfATransactionCannotBeKeptIsSaid() {
        var keeping = Map.of("isolated.postgres.keep-on-failure", "4h");
        try (Environments environments = Sandboxes.environments(keeping);
                IsolatedEnvironment environment = Sandboxes.open(environments, "Shop.buys")) {
            assertThat(told(environment, "not kept"))
                    .contains(
                            "nothing is ever committed", "isolated.postgres.keep-on-failure", "Use DATABASE isolation");
            assertThat(environment.keep()).isEmpty();
        }
    }

    @Test
    void case35TheServersLogTellsOfThisTestAlone() throws SQLException {
        try (IsolatedEnvironment other = Sandboxes.open("other");
                IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
                Connection others = other.get(Postgres.class).connection();
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.state(() -> Sql.run(others, "select no_such_thing"));
            Sql.state(() -> Sql.run(connection, "select something_else"));

            Awaitility.await()
                    .untilAsserted(() -> assertThat(told(environment, "log of postgres"))
                            .contains("column \"something_else\" does not exist"));
            assertThat(told(environment, "log of postgres")).doesNotContain("no_such_thing");
        }
    }

    /** The text of the one piece of evidence whose title begins so. */
    private static String told(IsolatedEnvironment environment, String title) {
        var found = environment.evidence().stream()
                .filter(it -> it.title().startsWith("postgres TRANSACTION: " + title))
                .toList();
        assertThat(found).as(title).hasSize(1);
        return found.get(0).text();
    }

    private static String all(IsolatedEnvironment environment) {
        return environment.evidence().stream().map(Evidence::toString).collect(Collectors.joining("\n"));
    }
}
