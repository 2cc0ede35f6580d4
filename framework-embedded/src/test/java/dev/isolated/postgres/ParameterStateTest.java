package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;

/** What is set on one connection, or in one transaction, is set there and nowhere else. */
@ExtendWith(Sandboxes.class)
class ParameterStateTest {

    @InEachQueryMode
    void case09WhatOneConnectionSetsTheOthersDoNotSee(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            String before = Sql.one(other, "show work_mem");
            Sql.run(one, "set work_mem = '17MB'", "set time zone 'Asia/Tokyo'", "set app.tenant = 'a'");
            assertThat(Sql.one(other, "show work_mem")).isEqualTo(before);
            assertThat(Sql.one(other, "select current_setting('app.tenant', true)"))
                    .isNullOrEmpty();
            Sql.run(other, "set app.tenant = 'b'", "set work_mem to '19MB'");
            for (int i = 0; i < 3; i++) {
                assertThat(Sql.one(one, "show work_mem")).isEqualTo("17MB");
                assertThat(Sql.one(one, "show app.tenant")).isEqualTo("a");
                assertThat(Sql.one(one, "show timezone")).isEqualTo("Asia/Tokyo");
                assertThat(Sql.one(other, "show work_mem")).isEqualTo("19MB");
                assertThat(Sql.one(other, "show app.tenant")).isEqualTo("b");
                assertThat(Sql.one(other, "show timezone")).isNotEqualTo("Asia/Tokyo");
            }
        }
    }

    @InEachQueryMode
    void case09RolledBackSetIsRevertedOnItsConnectionOnly(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(one, "set app.x = 'kept'");
            one.setAutoCommit(false);
            Sql.run(one, "set app.x = 'undone'", "set app.y = 'undone'", "savepoint s", "set app.x = 'more'");
            Sql.run(one, "rollback to s");
            assertThat(Sql.one(one, "show app.x")).isEqualTo("undone");
            one.rollback();
            Sql.run(other, "set app.x = 'other'");
            assertThat(Sql.one(one, "show app.x")).isEqualTo("kept");
            assertThat(Sql.one(one, "show app.y")).isEmpty();
            one.rollback();
            assertThat(Sql.one(other, "show app.x")).isEqualTo("other");
        }
    }

    @Test
    void case09UnitThatIsUndoneDoesNotUndoTheChangeOfConnections(Postgres postgres) throws SQLException {
        try (Connection one = postgres.connection();
                Connection other = postgres.connection()) {
            Sql.run(one, "set app.x = 'one'");
            assertThat(Sql.state(() -> Sql.run(other, "select 1/0"))).isEqualTo("22012");
            assertThat(Sql.one(other, "select current_setting('app.x')")).isEmpty();
            assertThat(Sql.state(() -> Sql.run(one, "select 1/0"))).isEqualTo("22012");
            assertThat(Sql.one(one, "show app.x")).isEqualTo("one");
        }
    }

    @InEachQueryMode
    void case09SetLocalEndsAtCommit(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, "set app.x = 'session'");
            connection.setAutoCommit(false);
            Sql.run(connection, "set local app.x = 'local'", "set local work_mem = '17MB'");
            assertThat(Sql.one(connection, "show app.x")).isEqualTo("local");
            connection.commit();
            assertThat(Sql.one(connection, "show app.x")).isEqualTo("session");
            assertThat(Sql.one(connection, "show work_mem")).isNotEqualTo("17MB");

            Sql.run(connection, "set local app.x = 'local'", "set app.x = 'later'");
            connection.commit();
            assertThat(Sql.one(connection, "show app.x")).isEqualTo("later");

            Sql.run(connection, "set app.x = 'early'", "set local app.x = 'local'");
            connection.commit();
            assertThat(Sql.one(connection, "show app.x")).isEqualTo("early");

            Sql.run(connection, "savepoint s", "set local app.x = 'gone'", "rollback to s", "set app.x = 'last'");
            connection.commit();
            assertThat(Sql.one(connection, "show app.x")).isEqualTo("last");
            connection.rollback();
        }
    }

    @InEachQueryMode
    void case09SetConfigIsSeenInTextAndInBoundValues(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            one.setAutoCommit(false);
            setConfig(one, "app.tenant", "a", true);
            assertThat(Sql.one(one, "show app.tenant")).isEqualTo("a");
            one.commit();
            assertThat(Sql.one(one, "show app.tenant")).isEmpty();
            setConfig(one, "app.tenant", "kept", false);
            one.commit();
            Sql.run(other, "select pg_catalog.set_config('app.tenant', 'b', true)");
            assertThat(Sql.one(other, "show app.tenant")).isEmpty();
            Sql.run(other, "select set_config ( 'app.tenant'::text , 'c' || $$,)$$ , FALSE )");
            assertThat(Sql.one(one, "show app.tenant")).isEqualTo("kept");
            one.rollback();
            assertThat(Sql.one(other, "show app.tenant")).isEqualTo("c,)");
        }
    }

    private static void setConfig(Connection connection, String name, String value, boolean local) throws SQLException {
        try (PreparedStatement call = connection.prepareStatement("select set_config(?, ?, ?)")) {
            call.setString(1, name);
            call.setString(2, value);
            call.setBoolean(3, local);
            call.execute();
        }
    }

    @Test
    void case09ParameterWhoseNameIsComputedIsRefused(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            assertThatThrownBy(() -> Sql.run(connection, "select set_config('app.' || 'x', '1', false)"))
                    .hasMessageContaining("set_config with a computed parameter is not possible in TRANSACTION")
                    .hasMessageContaining("case09ParameterWhoseNameIsComputedIsRefused")
                    .hasMessageContaining("@Isolated(mode = \"DATABASE\")");
            assertThat(Sql.one(connection, "select 'set_config(a, b, c)'")).isEqualTo("set_config(a, b, c)");
        }
    }

    @InEachQueryMode
    void case09DefaultsOfConnectionsToComeAreRefused(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            String database = Sql.one(connection, "select quote_ident(current_database())");
            for (String sql : new String[] {
                "alter database " + database + " set work_mem = '17MB'",
                "alter role current_user set work_mem = '17MB'",
                "alter user current_user in database " + database + " reset all"
            }) {
                assertThatThrownBy(() -> Sql.run(connection, sql))
                        .as(sql)
                        .hasMessageContaining("(it holds for connections that begin after a real commit)")
                        .hasMessageContaining(" is not possible in TRANSACTION isolation, in ")
                        .hasMessageContaining("Use DATABASE isolation");
            }
            Sql.run(connection, "set work_mem = '18MB'");
            assertThat(Sql.one(connection, "show work_mem")).isEqualTo("18MB");
        }
    }

    @InEachQueryMode
    void case09RowLevelSecuritySeesTheTenantOfItsTransactionOnly(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(
                    one,
                    "create table secret (tenant text, word text)",
                    "insert into secret values ('a', 'of a'), ('b', 'of b')",
                    "alter table secret enable row level security",
                    "alter table secret force row level security",
                    "create policy own on secret using (tenant = current_setting('app.tenant', true))");
            one.setAutoCommit(false);
            Sql.run(one, "set local app.tenant = 'a'");
            assertThat(Sql.list(one, "select word from secret")).containsExactly("of a");
            one.commit();
            assertThat(Sql.list(one, "select word from secret")).isEmpty();
            Sql.run(one, "set app.tenant = 'a'");
            one.commit();
            assertThat(Sql.list(other, "select word from secret")).isEmpty();
            Sql.run(other, "set app.tenant = 'b'");
            assertThat(Sql.list(other, "select word from secret")).containsExactly("of b");
            assertThat(Sql.list(one, "select word from secret")).containsExactly("of a");
            one.commit();
        }
    }

    @InEachQueryMode
    void case09SearchPathAndSchemaAreTheConnectionsOwn(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode);
                Connection third = Sandboxes.byUrl(postgres, mode + "&currentSchema=b")) {
            Sql.run(
                    one,
                    "create schema a",
                    "create schema b",
                    "create table a.t (v text)",
                    "create table b.t (v text)");
            one.setSchema("a");
            Sql.run(other, "set search_path = b, public");
            Sql.run(one, "insert into t values ('a')");
            Sql.run(other, "insert into t values ('b')");
            Sql.run(third, "insert into t values ('third')");

            assertThat(Sql.list(one, "select v from t")).containsExactly("a");
            assertThat(Sql.list(other, "select v from t")).containsExactly("b", "third");
            assertThat(one.getSchema()).isEqualTo("a");
            assertThat(other.getSchema()).isEqualTo("b");
            assertThat(third.getSchema()).isEqualTo("b");
        }
    }

    @InEachQueryMode
    void case09StartUpParametersAreTheConnectionsOwnAndWhatAResetGoesBackTo(String mode, Postgres postgres)
            throws SQLException {
        try (Connection one = Sandboxes.byUrl(
                        postgres, mode + "&options=-c%20work_mem=17MB%20-c%20app.x=begun&ApplicationName=mine");
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            assertThat(Sql.one(other, "select current_setting('app.x', true)")).isNullOrEmpty();
            Sql.run(one, "set work_mem = '19MB'", "set app.x = 'changed'");
            assertThat(Sql.one(other, "show work_mem")).isNotIn("17MB", "19MB");
            Sql.run(one, "reset work_mem");
            assertThat(Sql.one(one, "show work_mem")).isEqualTo("17MB");
            assertThat(Sql.one(one, "show application_name")).isEqualTo("mine");
            Sql.run(one, "set statement_timeout = 77777", "reset all");
            assertThat(Sql.one(one, "show app.x")).isEqualTo("begun");
            assertThat(Sql.one(one, "show statement_timeout")).isEqualTo("0");
            assertThat(Sql.one(other, "show statement_timeout")).isEqualTo("0");
        }
    }

    @InEachQueryMode
    void case09ResetAllAndDiscardAllLeaveTheOtherConnectionAlone(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(one, "set app.x = 'one'");
            Sql.run(other, "set app.x = 'other'", "discard all");
            assertThat(Sql.one(other, "show app.x")).isEmpty();
            assertThat(Sql.one(one, "show app.x")).isEqualTo("one");
            one.setAutoCommit(false);
            Sql.run(one, "select 1");
            assertThat(Sql.state(() -> Sql.run(one, "discard all"))).isEqualTo("25001");
            one.rollback();
            Sql.run(one, "reset all");
            one.rollback();
            assertThat(Sql.one(one, "show app.x")).isEqualTo("one");
            one.rollback();
        }
    }

    @InEachQueryMode
    void case09RoleIsTheConnectionsOwnAndSetLocalRoleEndsAtCommit(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            String user = postgres.user();
            Sql.run(one, "set role none", "set session authorization default");
            one.setAutoCommit(false);
            Sql.run(one, "set local role " + user);
            assertThat(Sql.one(one, "show role")).isEqualTo(user);
            one.commit();
            assertThat(Sql.one(one, "show role")).isEqualTo("none");
            Sql.run(one, "set role " + user);
            one.commit();
            assertThat(Sql.one(other, "show role")).isEqualTo("none");
            assertThat(Sql.one(one, "show role")).isEqualTo(user);
            one.rollback();
        }
    }

    @InEachQueryMode
    void case09EachDriverIsToldItsOwnParameters(String mode, Postgres postgres) throws SQLException {
        String asked = mode + "&ApplicationName=one&options=-c%20TimeZone=Asia/Seoul";
        try (Connection one = Sandboxes.byUrl(postgres, asked)) {
            PGConnection driver = one.unwrap(PGConnection.class);
            assertThat(driver.getParameterStatus("TimeZone")).isEqualTo("Asia/Seoul");
            assertThat(Sql.one(one, "show timezone")).isEqualTo("Asia/Seoul");
            assertThat(driver.getParameterStatus("TimeZone")).isEqualTo("Asia/Seoul");
        }
        try (Connection one = Sandboxes.byUrl(postgres, mode + "&ApplicationName=one");
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            PGConnection oneDriver = one.unwrap(PGConnection.class);
            PGConnection otherDriver = other.unwrap(PGConnection.class);
            String before = otherDriver.getParameterStatus("TimeZone");
            assertThat(oneDriver.getParameterStatus("application_name")).isEqualTo("one");
            one.setAutoCommit(false);
            Sql.run(one, "set timezone = 'Asia/Tokyo'");
            assertThat(oneDriver.getParameterStatus("TimeZone")).isEqualTo("Asia/Tokyo");
            one.rollback();
            Sql.run(other, "select 1");
            Sql.run(one, "select 1");
            one.rollback();
            assertThat(otherDriver.getParameterStatus("TimeZone")).isEqualTo(before);
            assertThat(oneDriver.getParameterStatus("TimeZone")).isEqualTo(before);
            Sql.run(one, "set timezone = 'Asia/Tokyo'");
            one.commit();
            Sql.run(other, "select 1");
            assertThat(otherDriver.getParameterStatus("TimeZone")).isEqualTo(before);
            assertThat(oneDriver.getParameterStatus("TimeZone")).isEqualTo("Asia/Tokyo");
        }
    }

    @Test
    void case09ParameterThatCannotBeSetHurtsNobodyLater(Postgres postgres) throws SQLException {
        try (Connection one = postgres.connection();
                Connection other = postgres.connection()) {
            assertThat(Sql.state(() -> Sql.run(one, "set nonsense = 1"))).isEqualTo("42704");
            assertThat(Sql.state(() -> Sql.run(one, "set log_statement = 'all'")))
                    .isEqualTo("42501");
            assertThat(Sql.state(() -> Sql.run(one, "set work_mem = 'much'"))).isEqualTo("22023");
            assertThat(Sql.one(other, "select 1")).isEqualTo("1");
            assertThat(Sql.one(one, "select 1")).isEqualTo("1");
        }
    }

    @InEachQueryMode
    void case10ReadOnlyByDefaultIsTheConnectionsOwn(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode + "&readOnlyMode=always")) {
            Sql.run(one, "set session characteristics as transaction read only");
            assertThat(Sql.state(() -> Sql.run(one, Sql.TABLE))).isEqualTo("25006");
            Sql.run(other, Sql.TABLE);
            assertThat(Sql.state(() -> Sql.run(one, "insert into thing values (1)")))
                    .isEqualTo("25006");
            Sql.run(one, "begin read write", "insert into thing values (1)", "commit");
            Sql.run(one, "begin", "set transaction read write", "insert into thing values (2)", "commit");
            assertThat(Sql.ids(one)).containsExactly("1", "2");
            Sql.run(one, "set default_transaction_read_only = off", "insert into thing values (3)");

            other.setReadOnly(true);
            assertThat(Sql.state(() -> Sql.run(other, "insert into thing values (4)")))
                    .isEqualTo("25006");
            other.setReadOnly(false);
            Sql.run(other, "insert into thing values (5)");
            assertThat(Sql.ids(one)).containsExactly("1", "2", "3", "5");
        }
    }

    @InEachQueryMode
    void case09ParametersOfClosedConnectionsAreNotRemembered(String mode, Postgres postgres) throws SQLException {
        try (Connection open = Sandboxes.byUrl(postgres, mode + "&ApplicationName=open")) {
            for (int i = 0; i < 20; i++) {
                try (Connection first = Sandboxes.byUrl(postgres, mode + "&ApplicationName=first" + i);
                        Connection second = Sandboxes.byUrl(postgres, mode + "&ApplicationName=second" + i)) {
                    for (int turn = 0; turn < 2; turn++) {
                        assertThat(Sql.one(first, "show application_name")).isEqualTo("first" + i);
                        assertThat(Sql.one(second, "show application_name")).isEqualTo("second" + i);
                        assertThat(Sql.one(open, "show application_name")).isEqualTo("open");
                    }
                }
            }
            assertThat(Sql.one(
                            open,
                            "select count(*) from generate_series(0, 100) i"
                                    + " where current_setting('isolated.c' || i || '.application_name', true) <> ''"))
                    .isEqualTo("3");
        }
    }
}
