package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.isolated.application.Application;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import dev.isolated.error.SettingsException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a database of a test's own tells when it has failed, and how it goes back to what a class has prepared. */
class DatabaseAftermathTest {

    private static Databases databases;

    @BeforeAll
    static void open() {
        databases = Databases.in(
                PostgresService.DATABASE,
                Map.of("isolated.leaks", "fail", "isolated.postgres.scripts", "dev/isolated/postgres/evidence.sql"));
    }

    @AfterAll
    static void close() {
        databases.close();
    }

    @Test
    void case35EvidenceTellsRowsCountsSessionsAndLocks() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("Shop.buys")) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection committed = postgres.connection();
                    Connection open = Application.open(postgres.dataSource())) {
                Sql.run(committed, "update goods set stock = 7 where name = 'tea'", Sql.TABLE);
                open.setAutoCommit(false);
                Sql.run(open, "insert into thing values (1, 'uncommitted')");

                assertThat(told(environment, "rows written to public.goods"))
                        .isEqualTo("state | name | stock\ncommitted | tea | 7");
                assertThat(told(environment, "sessions"))
                        .contains("idle in transaction: insert into thing values (1, 'uncommitted')")
                        .doesNotContain("isolated admin");
                assertThat(told(environment, "locks")).contains("RowExclusiveLock  held  by backend");
                assertThat(told(environment, "connections"))
                        .contains(" opened\n\tat dev.isolated.application.Application.open");
                assertThat(told(environment, "rows counted")).isNotEmpty();
                open.rollback();
            }
        }
        databases.awaitRest();
    }

    @Test
    void case35WhereNothingWasWrittenItSaysSo() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("Shop.looks")) {
            try (Connection connection = environment.get(Postgres.class).connection()) {
                assertThat(Sql.list(connection, "select name from goods")).isNotEmpty();
            }
            assertThat(told(environment, "rows written")).isEqualTo("none that is committed and still there");
        }
        databases.awaitRest();
    }

    @Test
    void case36WhatATestCommitsIsUndoneAndWhatWasPreparedStays() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("ClassTest")) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection preparing = postgres.connection()) {
                Sql.run(
                        preparing,
                        Sql.TABLE,
                        "create sequence ticket",
                        "insert into thing values (1, 'prepared')",
                        "alter role current_user set lock_timeout = '7s'",
                        "alter database " + postgres.database() + " set statement_timeout = '70s'");
            }
            environment.mark();
            for (int test = 1; test <= 3; test++) {
                try (Connection connection = postgres.connection()) {
                    assertThat(Sql.list(connection, "select id || name from thing"))
                            .containsExactly("1prepared");
                    assertThat(Sql.one(connection, "select nextval('ticket')")).isEqualTo("1");
                    assertThat(Sql.one(connection, "show lock_timeout")).isEqualTo("7s");
                    assertThat(Sql.one(connection, "show statement_timeout")).isEqualTo("70s");
                    Sql.run(
                            connection,
                            "insert into thing values (2)",
                            "create table other (id int)",
                            "alter role current_user set lock_timeout = '8s'",
                            "alter database " + postgres.database() + " set statement_timeout = '80s'");
                }
                assertThat(told(environment, "rows written to public.thing"))
                        .isEqualTo("state | id | name\ncommitted | 2 | null");
                environment.rewind("ClassTest.test" + test);
            }
        }
        databases.awaitRest();
    }

    @Test
    void case36APoolOfTheClassGoesOnWithNewConnections() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("ClassTest");
                var pool = new HikariDataSource()) {
            pool.setDataSource(environment.get(Postgres.class).dataSource());
            try (Connection preparing = pool.getConnection()) {
                Sql.run(preparing, Sql.TABLE);
            }
            environment.mark();
            pool.getHikariPoolMXBean().softEvictConnections();
            for (int test = 1; test <= 2; test++) {
                try (Connection connection = pool.getConnection()) {
                    Sql.run(connection, "insert into thing values (1)");
                }
                environment.rewind("ClassTest.test" + test);
                pool.getHikariPoolMXBean().softEvictConnections();
            }
        }
        databases.awaitRest();
    }

    @Test
    void case36ATransactionThatATestLeavesOpenIsRolledBackAndReported() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("ClassTest")) {
            Postgres postgres = environment.get(Postgres.class);
            environment.mark();
            Connection open = Application.open(postgres.dataSource());
            open.setAutoCommit(false);
            Sql.run(open, Sql.TABLE);

            assertThatThrownBy(() -> environment.rewind("ClassTest.forgets"))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining(
                            "a transaction, rolled back, on a connection opened\n\tat " + Application.class.getName());
            assertThat(Sql.state(() -> Sql.ids(open))).isEqualTo("08003");
            try (Connection next = postgres.connection()) {
                assertThat(Sql.state(() -> Sql.ids(next))).isEqualTo("42P01");
            }
        }
        databases.awaitRest();
    }

    @Test
    void case36WhatIsNotCommittedCannotBePrepared() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("ClassTest");
                Connection open =
                        Application.open(environment.get(Postgres.class).dataSource())) {
            open.setAutoCommit(false);
            Sql.run(open, Sql.TABLE);

            assertThatThrownBy(environment::mark)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("make what was prepared for ClassTest what each of its tests starts from")
                    .hasMessageContaining("one that is open, of backend")
                    .hasMessageContaining("end it in @BeforeAll, where it was begun");
        }
        databases.awaitRest();
    }

    @Test
    void theIsolatedUrlLeadsToConnectionsThatAreWatched() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("Shop.connects")) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection url = DriverManager.getConnection(
                    postgres.isolatedUrl(), postgres.user(), postgres.password().reveal())) {
                assertThat(Sql.one(url, "select current_user")).isEqualTo(postgres.user());
                assertThat(told(environment, "connections")).contains("opened\n\tat ");
            }
        }
        databases.awaitRest();
    }

    /** The text of the first piece of evidence whose title begins so. */
    private static String told(IsolatedEnvironment environment, String title) {
        return environment.evidence().stream()
                .filter(it -> it.title().startsWith("postgres DATABASE: " + title))
                .findFirst()
                .orElseThrow(() -> new AssertionError(title + " is not in " + environment.evidence()))
                .text();
    }
}
