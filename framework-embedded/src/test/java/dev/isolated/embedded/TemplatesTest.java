package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.error.IsolationException;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Slices;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tests start from is made once, by its content, and shared by all who want the same. */
class TemplatesTest extends FromTemplates {

    TemplatesTest(OwnServer own) {
        super(own);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "wal-log", "file-copy"})
    void case30CopiesAreTheSameHoweverTheServerMakesThem(String strategy) throws SQLException {
        Map<String, String> settings = Map.of(
                "isolated.postgres.clone-strategy",
                strategy,
                "isolated.postgres.connections",
                "3",
                "isolated.postgres.scripts",
                "dev/isolated/postgres/evidence.sql");
        assertThat(own.inSlice(
                        PostgresService.DATABASE, settings, List.of(), "SELECT stock FROM goods WHERE name = 'tea'"))
                .isEqualTo("10");
    }

    @Test
    void case28TheKeyCoversContentNamesAndOrder() throws Exception {
        classPath.write("one.sql", "CREATE TABLE one (id int)");
        classPath.write("two.sql", "CREATE TABLE two (id int)");
        run("one.sql");
        List<String> first = templates();
        assertThat(first).hasSize(1);

        run("one.sql");
        assertThat(templates()).isEqualTo(first);
        run("one.sql,two.sql");
        assertThat(templates()).containsAll(first).hasSize(2);
        run("two.sql,one.sql");
        assertThat(templates()).hasSize(4);
        classPath.write("one.sql", "CREATE TABLE one (id bigint)");
        run("one.sql");
        assertThat(templates()).hasSize(5);
    }

    @Test
    void case28LayersThatAreThereAlreadyAreBuiltUpon() throws Exception {
        classPath.write("slow.sql", "CREATE TABLE made AS SELECT clock_timestamp() AS at");
        classPath.write("more.sql", "CREATE TABLE more (id int)");
        String madeAt = inSlice("slow.sql", "SELECT at::text FROM made");
        assertThat(inSlice("slow.sql,more.sql", "SELECT at::text FROM made")).isEqualTo(madeAt);
    }

    @Test
    void case29ManyWhoWantItAtTheSameTimeMakeItOnce() throws Exception {
        classPath.write("once.sql", "CREATE TABLE made AS SELECT clock_timestamp() AS at; SELECT pg_sleep(0.3)");
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        ExecutorService runs = Executors.newFixedThreadPool(4);
        try {
            Callable<String> run = () -> {
                Thread.currentThread().setContextClassLoader(loader);
                return inSlice("once.sql", "SELECT at::text FROM made");
            };
            var seen = new ArrayList<String>();
            for (Future<String> it : runs.invokeAll(List.of(run, run, run, run))) {
                seen.add(it.get());
            }
            assertThat(seen).hasSize(4).containsOnly(seen.get(0));
        } finally {
            runs.shutdown();
        }
        assertThat(templates()).hasSize(1);
    }

    /** The server itself waits for five seconds. */
    @Test
    void case29ASessionInTheDatabaseThatIsCopiedIsWaitedFor() throws Exception {
        try (Connection session = own.superuser();
                Slices<Postgres> slices = own.connect(Bench.newRun(), Map.of())) {
            CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> sleepAndLeave(session));
            slices.create(1).destroy();
            assertThat(busy).isDone();
        }
    }

    private static void sleepAndLeave(Connection session) {
        try (session;
                Statement statement = session.createStatement()) {
            statement.execute("SELECT pg_sleep(6)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the setting, and in the order in which they are named. */
    @Test
    void case28ExtensionsOfTheSettingsAreThere() throws Exception {
        var settings = Map.of("isolated.postgres.extensions", "pg_trgm");
        assertThat(own.inSlice(settings, List.of(), "SELECT similarity('tea', 'tea')::text"))
                .isEqualTo("1");
        assertThat(templates()).hasSize(1);
        own.inSlice(Map.of("isolated.postgres.extensions", "pg_trgm,hstore"), List.of(), "SELECT 'a=>1'::hstore");
        assertThat(templates()).hasSize(2);
    }

    @Test
    void case33TemplatesThatAreTooLargeTogetherGo() throws Exception {
        classPath.write("one.sql", "CREATE TABLE one (id int)");
        run("one.sql");
        try (Slices<Postgres> roomy =
                own.connect(Bench.newRun(), Map.of("isolated.postgres.templates.megabytes", "100"))) {
            assertThat(superfluous(roomy)).isEmpty();
        }
        try (Slices<Postgres> narrow =
                own.connect(Bench.newRun(), Map.of("isolated.postgres.templates.megabytes", "1"))) {
            superfluous(narrow).forEach(Leftover::remove);
        }
        assertThat(templates()).isEmpty();
    }

    @Test
    void case29ATemplateIsSealed() throws Exception {
        classPath.write("one.sql", "CREATE TABLE one (id int)");
        run("one.sql");
        String url = "jdbc:postgresql://" + own.server().endpoint().address() + "/"
                + templates().get(0);
        assertThatThrownBy(() -> DriverManager.getConnection(
                                url,
                                own.server().endpoint().user(),
                                own.server().endpoint().password().reveal())
                        .close())
                .hasMessageContaining("is not currently accepting connections");
    }

    @Test
    void case29ATestCanDoNothingToItsTemplate() throws Exception {
        classPath.write("one.sql", "CREATE TABLE one (id int)");
        run("one.sql");
        String template = templates().get(0);
        for (String attempt : List.of(
                "ALTER DATABASE " + template + " ALLOW_CONNECTIONS true",
                "ALTER DATABASE " + template + " RENAME TO mine",
                "COMMENT ON DATABASE " + template + " IS ''")) {
            assertThatThrownBy(() -> inSlice("one.sql", attempt)).hasMessageContaining("must be owner of database");
        }
    }

    @Test
    void case29AMigrationThatFailsIsNamedAndLeavesNothing() throws Exception {
        classPath.write("good.sql", "CREATE TABLE good (id int)");
        classPath.write("bad.sql", "CREATE TABLE bad (id int); SELECT nothing FROM nowhere");
        assertThatThrownBy(() -> run("good.sql,bad.sql"))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("Could not prepare what tests start from on postgres (external")
                .hasMessageContaining("expected the script bad.sql to run to its end")
                .hasMessageContaining("relation \"nowhere\" does not exist")
                .hasMessageContaining("What to do: correct it; nothing of it has been kept");
        assertThat(databases("isolated_building")).isEmpty();

        classPath.write("bad.sql", "CREATE TABLE bad (id int)");
        assertThat(inSlice("good.sql,bad.sql", "SELECT count(*) FROM good, bad"))
                .isEqualTo("0");
    }

    @Test
    void case29WhatAKilledMakerHasLeftIsSweptAndStandsInNobodysWay() throws Exception {
        classPath.write("long.sql", "SELECT pg_sleep(60)");
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        ExecutorService maker = Executors.newSingleThreadExecutor();
        try {
            Future<?> making = maker.submit(() -> {
                Thread.currentThread().setContextClassLoader(loader);
                run("long.sql");
                return true;
            });
            await().until(() -> !own.list("SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%'"
                            + " AND datname LIKE 'isolated_building%'")
                    .isEmpty());
            try (Slices<Postgres> other = own.connect(Bench.newRun(), Map.of())) {
                assertThat(halfMade(other)).isEmpty();
                own.list(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                                + " AND application_name LIKE 'isolated admin%' AND datname IS NOT NULL AND (datname LIKE 'isolated_building%'"
                                + " OR query LIKE '%pg_advisory_lock(338%' OR query LIKE 'CREATE DATABASE isolated_building%')");
                assertThatThrownBy(making::get).hasRootCauseInstanceOf(SQLException.class);
                await().until(() -> databases("isolated_building").isEmpty()
                        || !halfMade(other).isEmpty());
                halfMade(other).forEach(Leftover::remove);
            }
            assertThat(databases("isolated_building")).isEmpty();
        } finally {
            maker.shutdown();
        }
    }

    @Test
    void case29WhoeverMakesATemplateForTooLongIsNamed() throws Exception {
        classPath.write("long.sql", "SELECT pg_sleep(61)");
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        ExecutorService maker = Executors.newSingleThreadExecutor();
        String asleep = "SELECT %s FROM pg_stat_activity WHERE query LIKE '%%pg_sleep(61)%%'"
                + " AND datname LIKE 'isolated_building%%'";
        try {
            Future<?> making = maker.submit(() -> {
                Thread.currentThread().setContextClassLoader(loader);
                run("long.sql");
                return true;
            });
            await().until(() -> !own.list(asleep.formatted("pid")).isEmpty());
            Map<String, String> hasty =
                    Map.of("isolated.postgres.scripts", "long.sql", "isolated.postgres.templates.timeout", "100ms");
            assertThatThrownBy(() -> own.inSlice(hasty, List.of(), "SELECT 1"))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("expected the script long.sql, which another process is making, to be ready"
                            + " within 100 ms, but found that it is still in the making, by backend ")
                    .hasMessageContaining("makes a template, process "
                            + ProcessHandle.current().pid())
                    .hasMessageContaining("raise isolated.postgres.templates.timeout");
            own.list(asleep.formatted("pg_cancel_backend(pid)"));
            assertThatThrownBy(making::get).hasRootCauseInstanceOf(SQLException.class);
        } finally {
            maker.shutdown();
        }
    }

    @Test
    void case30WhatACloneDoesNotCopyIsReplayed() throws Exception {
        own.run("CREATE ROLE reporting");
        classPath.write(
                "settings.sql",
                "CREATE SCHEMA app; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO app, public',"
                        + " current_database()); EXECUTE format('ALTER DATABASE %I SET work_mem = ''5MB''',"
                        + " current_database()); EXECUTE format('GRANT CONNECT ON DATABASE %I TO reporting',"
                        + " current_database()); END $$");
        assertThat(inSlice(
                        "settings.sql",
                        "SELECT current_setting('search_path') || ' ' || current_setting('work_mem') || ' '"
                                + " || has_database_privilege('reporting', current_database(), 'CONNECT')"))
                .isEqualTo("app, public 5MB true");
        run("settings.sql");
        own.connect(Bench.newRun(), Map.of("isolated.postgres.templates.max", "0"))
                .close();
        own.run("DROP ROLE reporting");
    }

    @Test
    void case33MoreThanTheSettingsAllowAreCollectedTheOldestFirstAndNeverOneInUse() throws Exception {
        classPath.write("one.sql", "CREATE TABLE one (id int)");
        classPath.write("two.sql", "CREATE TABLE two (id int)");
        classPath.write("three.sql", "CREATE TABLE three (id int)");
        Map<String, String> none = Map.of("isolated.postgres.templates.max", "0");
        try (Slices<Postgres> live = own.connect(Bench.newRun(), scripts("one.sql"))) {
            List<String> inUse = templates();
            run("two.sql");
            assertThat(templates()).hasSize(2);
            own.connect(Bench.newRun(), none).close();
            assertThat(templates()).isEqualTo(inUse);
            var slice = live.create(1);
            assertThat(slice.describe()).contains("database isolated_");
            slice.destroy();
        }
        own.connect(Bench.newRun(), none).close();
        assertThat(templates()).isEmpty();
        assertThat(own.list("SELECT rolname FROM pg_roles WHERE rolname LIKE 'isolated_owner%'"))
                .isEmpty();
    }

    @Test
    void case33WhatIsTooMuchIsRemovedBehindTheNextRun() throws Exception {
        classPath.write("one.sql", "CREATE TABLE one (id int)");
        classPath.write("two.sql", "CREATE TABLE two (id int)");
        Map<String, String> most =
                Map.of("isolated.postgres.scripts", "two.sql", "isolated.postgres.templates.max", "1");
        run("one.sql");
        List<String> older = templates();
        own.run("COMMENT ON DATABASE " + older.get(0)
                + " IS 'made by Isolated for tests, used at 2020-01-01T00:00:00Z'");
        own.inSlice(most, List.of(), "SELECT 1");
        assertThat(templates()).hasSize(2).containsAll(older);

        try (Slices<Postgres> next = own.connect(Bench.newRun(), most)) {
            assertThat(superfluous(next)).singleElement().satisfies(leftover -> {
                assertThat(leftover.describe()).contains(older.get(0));
                leftover.remove();
            });
            assertThat(superfluous(next)).isEmpty();
        }
        assertThat(templates()).hasSize(1).doesNotContainAnyElementsOf(older);
    }

    private static List<Leftover> superfluous(Slices<Postgres> slices) {
        return slices.leftovers().stream()
                .filter(leftover -> leftover.describe().startsWith("template "))
                .toList();
    }

    private static List<Leftover> halfMade(Slices<Postgres> slices) {
        return slices.leftovers().stream()
                .filter(leftover -> leftover.describe().startsWith("half-made template"))
                .toList();
    }

    private static Map<String, String> scripts(String names) {
        return Map.of("isolated.postgres.scripts", names);
    }

    private void run(String names) throws SQLException {
        inSlice(names, "SELECT 1");
    }

    private String inSlice(String names, String sql) throws SQLException {
        return own.inSlice(scripts(names), List.of(), sql);
    }

    private List<String> templates() throws SQLException {
        return databases("isolated_template");
    }

    private List<String> databases(String prefix) throws SQLException {
        return own.list("SELECT datname FROM pg_database WHERE datname LIKE '" + prefix + "%' ORDER BY oid");
    }
}
