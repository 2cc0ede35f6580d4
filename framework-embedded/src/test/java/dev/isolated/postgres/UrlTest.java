package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.application.Application;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/** The way into a sandbox by a URL, in both spellings. */
@ExtendWith(Sandboxes.class)
class UrlTest {

    @SuppressWarnings("ImmutableEnumChecker") // a method reference is immutable
    enum Spelling {
        JDBC_URL(Postgres::jdbcUrl),
        ISOLATED_URL(Postgres::isolatedUrl);

        private final Function<Postgres, String> url;

        Spelling(Function<Postgres, String> url) {
            this.url = url;
        }

        String of(Postgres postgres) {
            return url.apply(postgres);
        }

        /** The same URL with further parameters. */
        String of(Postgres postgres, String parameters) {
            String plain = of(postgres);
            return plain + (plain.contains("?") ? "&" : "?") + parameters;
        }
    }

    @ParameterizedTest
    @EnumSource
    void leadsToTheSameTransactionAsTheDataSource(Spelling spelling, Postgres postgres) throws SQLException {
        try (Connection byHandle = postgres.connection();
                Connection byUrl = connect(spelling.of(postgres), postgres)) {
            Sql.run(byHandle, Sql.TABLE);
            Sql.run(byUrl, "insert into thing values (1)");

            assertThat(Sql.ids(byHandle)).containsExactly("1");
            assertThat(byUrl.getMetaData().getURL())
                    .isEqualTo(byHandle.getMetaData().getURL())
                    .isEqualTo(postgres.jdbcUrl());
            assertThat(byUrl.unwrap(PGConnection.class).getBackendPID())
                    .isEqualTo(byHandle.unwrap(PGConnection.class).getBackendPID());
        }
    }

    @ParameterizedTest
    @EnumSource
    void passesTheDriversParametersOn(Spelling spelling, Postgres postgres) throws SQLException {
        var info = new Properties();
        info.setProperty("user", postgres.user());
        info.setProperty("password", postgres.password().reveal());
        info.setProperty("prepareThreshold", "9");
        String url = spelling.of(postgres, "defaultRowFetchSize=7");

        try (Connection connection = DriverManager.getConnection(url, info);
                Statement statement = connection.createStatement()) {
            assertThat(statement.getFetchSize()).isEqualTo(7);
            assertThat(connection.unwrap(PGConnection.class).getPrepareThreshold())
                    .isEqualTo(9);
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesUserAndPasswordFromTheUrlToo(Spelling spelling, Postgres postgres) throws SQLException {
        String url = spelling.of(
                postgres,
                "user=" + postgres.user() + "&password=" + postgres.password().reveal());

        try (Connection connection = DriverManager.getConnection(url)) {
            assertThat(Sql.one(connection, "select current_user")).isEqualTo(postgres.user());
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAWrongPasswordAsTheServerWould(Spelling spelling, Postgres postgres) {
        assertFails(
                "28P01",
                () -> DriverManager.getConnection(spelling.of(postgres), postgres.user(), "wrong"),
                "password authentication failed for user \"" + postgres.user() + "\"",
                "user() and password()");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAWrongUserAsTheServerWould(Spelling spelling, Postgres postgres) {
        assertFails(
                "28P01",
                () -> DriverManager.getConnection(
                        spelling.of(postgres), "somebody", postgres.password().reveal()),
                "password authentication failed for user \"somebody\"");
    }

    @ParameterizedTest
    @EnumSource
    void wantsAPassword(Spelling spelling, Postgres postgres) {
        assertFails(
                "08004",
                () -> DriverManager.getConnection(spelling.of(postgres, "user=" + postgres.user())),
                "no password was provided");
    }

    @Test
    void nothingThatATestIsGivenOpensTheServer(Postgres postgres) throws SQLException {
        Login login = Sandboxes.login(postgres);
        String password = postgres.password().reveal();
        assertThat(login.user()).isEqualTo(postgres.user());

        for (String database : List.of(postgres.database(), "postgres", "template1")) {
            String direct = login.directUrl().replace("/" + postgres.database(), "/" + database);
            assertFails(
                    "28P01",
                    () -> DriverManager.getConnection(direct, postgres.user(), password),
                    "password authentication failed");
        }
        try (Connection connection = postgres.connection()) {
            assertThat(connection.getMetaData().getURL())
                    .doesNotContain(login.password().reveal(), password);
        }
    }

    @Test
    void connectionsByTheUrlOfAConnectionLeadIntoTheSandbox(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                Connection again = connect(connection.getMetaData().getURL(), postgres);
                Connection bare = Sandboxes.bare(postgres)) {
            Sql.run(again, Sql.TABLE, "insert into thing values (1)");

            assertThat(Sql.ids(connection)).containsExactly("1");
            assertThat(Sql.state(() -> Sql.ids(bare))).isEqualTo("42P01");
        }
    }

    @Test
    void eachTestHasAPasswordOfItsOwn() {
        var passwords = new HashSet<String>();
        for (int test = 0; test < 4; test++) {
            try (IsolatedEnvironment environment = Sandboxes.open("test " + test)) {
                String password = environment.get(Postgres.class).password().reveal();
                assertThat(passwords.add(password)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void diesWithTheLeaseAndNamesTheTest(Spelling spelling) {
        IsolatedEnvironment environment = Sandboxes.open("Shop buys 100 % / in [1]");
        Postgres postgres = environment.get(Postgres.class);
        String url = spelling.of(postgres);
        environment.close();

        assertFails(
                "57P01",
                () -> connect(url, postgres),
                "Could not use a handle that belonged to Shop buys 100 % / in [1]",
                "the test has ended");
    }

    @ParameterizedTest
    @EnumSource
    void ofAnotherProcessIsToldApart(Spelling spelling, Postgres postgres) {
        String url = spelling.of(postgres).replaceFirst("[\\w-]{32}\\.", "elsewhere.");

        assertFails("08001", () -> connect(url, postgres), "made in this JVM", "of another process");
    }

    @Test
    void withoutATokenSaysWhereOneIsHad(Postgres postgres) {
        String bare = Sandboxes.url(postgres) + "?sslmode=disable&gssEncMode=disable&socketFactory="
                + SandboxSocketFactory.class.getName();

        assertFails("08001", () -> connect(bare, postgres), "jdbcUrl() or isolatedUrl()", "no token in it");
        assertFails("08001", () -> connect("jdbc:isolated:postgres:", postgres), "no token in it");
        assertFails(
                "08001",
                () -> connect("jdbc:isolated:postgres://localhost/shop?a=b", postgres),
                "a token that is none of theirs");
        assertFails("08001", () -> connect("jdbc:isolated:cassandra://x/y", postgres), "No suitable driver");
    }

    @ParameterizedTest
    @EnumSource
    void doesNotGiveThePasswordAway(Spelling spelling, Postgres postgres) {
        assertThat(spelling.of(postgres)).doesNotContain(postgres.password().reveal());
    }

    @Test
    void aCancelFindsItsConnectionByUrlToo(Postgres postgres) throws SQLException {
        try (Connection connection = connect(postgres.isolatedUrl(), postgres);
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);

            assertThat(Sql.state(() -> statement.execute("select pg_sleep(20)")))
                    .isEqualTo("57014");
            assertThat(Sql.one(connection, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void case27StatementsByTheIsolatedUrlAreWatched() throws SQLException {
        try (Environments environments = Sandboxes.environments(Map.of("isolated.leaks", "fail"))) {
            IsolatedEnvironment environment = Sandboxes.open(environments, "leaky");
            Postgres postgres = environment.get(Postgres.class);
            Connection connection = connect(postgres.isolatedUrl(), postgres);
            Application.statement(connection);

            assertThatThrownBy(environment::close)
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("a connection opened")
                    .hasMessageContaining("a statement opened\n\tat " + Application.class.getName());
        }
    }

    private static Connection connect(String url, Postgres postgres) throws SQLException {
        return DriverManager.getConnection(
                url, postgres.user(), postgres.password().reveal());
    }

    private static void assertFails(String state, ThrowingCallable call, String... message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo(state))
                .hasMessageContainingAll(message);
    }
}
