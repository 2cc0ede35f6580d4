package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.junit.Isolated;
import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import io.vertx.core.Future;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

/** Clients that open sockets of their own share the test's database with pgjdbc, where the test has a database. */
@ExtendWith(IsolatedEnvironmentExtension.class)
@Isolated(mode = "DATABASE")
class ForeignClientsTest {

    @BeforeEach
    void makeTable(Postgres postgres) throws Exception {
        Sql.run(
                postgres.dataSource(),
                "create table book (title text primary key)",
                "insert into book values ('by pgjdbc')");
    }

    @RepeatedTest(3)
    void r2dbcReadsAndCommits(Postgres postgres) throws Exception {
        var factory = new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                .host(postgres.host())
                .port(postgres.port())
                .database(postgres.database())
                .username(postgres.user())
                .password(postgres.password().reveal())
                .build());

        List<String> seen = Mono.usingWhen(
                        factory.create(),
                        connection -> connection
                                .beginTransaction()
                                .then(connection
                                        .createStatement("insert into book values ($1)")
                                        .bind("$1", "by R2DBC")
                                        .execute()
                                        .flatMap(PostgresqlResult::getRowsUpdated)
                                        .then())
                                .then(connection.commitTransaction())
                                .thenMany(connection
                                        .createStatement("select title from book")
                                        .execute())
                                .flatMap(result -> result.map((row, columns) -> row.get(0, String.class)))
                                .collectList(),
                        PostgresqlConnection::close)
                .block();

        assertThat(seen).containsExactlyInAnyOrder("by pgjdbc", "by R2DBC");
        assertThat(titles(postgres)).containsExactlyInAnyOrder("by pgjdbc", "by R2DBC");
    }

    @RepeatedTest(3)
    void vertxReadsAndCommits(Postgres postgres) throws Exception {
        Pool pool = PgBuilder.pool()
                .connectingTo(new PgConnectOptions()
                        .setHost(postgres.host())
                        .setPort(postgres.port())
                        .setDatabase(postgres.database())
                        .setUser(postgres.user())
                        .setPassword(postgres.password().reveal()))
                .with(new PoolOptions().setMaxSize(2))
                .build();
        try {
            await(pool.withTransaction(connection ->
                    connection.preparedQuery("insert into book values ($1)").execute(Tuple.of("by Vert.x"))));

            assertThat(await(pool.query("select title from book").execute()))
                    .extracting(row -> row.getString(0))
                    .containsExactlyInAnyOrder("by pgjdbc", "by Vert.x");
        } finally {
            await(pool.close());
        }
        assertThat(titles(postgres)).containsExactlyInAnyOrder("by pgjdbc", "by Vert.x");
    }

    @Test
    void anotherProcessReadsAndCommits(Postgres postgres) throws Exception {
        assertThat(inAnotherProcess(postgres)).isEqualTo("[by pgjdbc, by another process]");
        assertThat(titles(postgres)).containsExactlyInAnyOrder("by pgjdbc", "by another process");
    }

    private static Collection<Object> titles(Postgres postgres) throws Exception {
        return Sql.list(postgres.dataSource(), "select title from book");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** The password goes by its input, for others may read a command line. */
    private static String inAnotherProcess(Postgres postgres) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        postgres.jdbcUrl(),
                        postgres.user())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
            input.write(postgres.password().reveal() + "\n");
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.strip();
    }
}
