package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.command.CommandScope;
import liquibase.command.core.RollbackCountCommandStep;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.ValidateCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.command.core.helpers.ShowSummaryArgument;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.ui.LoggerUIService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Liquibase run inside a test; one at a time in a JVM, because it mixes up locks of its own where it runs in parallel. */
@ResourceLock("liquibase")
@ExtendWith(IsolatedEnvironmentExtension.class)
class LiquibaseTest {

    @Test
    void case25UpdatesAndIsUpToDateTheSecondTime(Postgres postgres) throws Exception {
        update(postgres, "products.sql");
        update(postgres, "products.sql");
        run(postgres, new CommandScope(ValidateCommandStep.COMMAND_NAME), "products.sql");

        assertThat(Sql.list(postgres.dataSource(), "select name from product")).containsExactly("tea");
        assertThat(Sql.list(postgres.dataSource(), "select id from databasechangelog order by orderexecuted"))
                .containsExactly("1", "2");
        assertThat(Sql.list(postgres.dataSource(), "select locked from databasechangeloglock"))
                .containsExactly(false);
    }

    @ParameterizedTest
    @EnumSource
    void case25UpdatesByUrl(Access access, Postgres postgres) throws Exception {
        execute(command(new CommandScope(UpdateCommandStep.COMMAND_NAME), "products.sql")
                .addArgumentValue(DbUrlConnectionArgumentsCommandStep.URL_ARG, access.url(postgres))
                .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DRIVER_ARG, access.driver())
                .addArgumentValue(DbUrlConnectionArgumentsCommandStep.USERNAME_ARG, postgres.user())
                .addArgumentValue(
                        DbUrlConnectionArgumentsCommandStep.PASSWORD_ARG,
                        postgres.password().reveal()));

        assertThat(Sql.list(postgres.dataSource(), "select name from product")).containsExactly("tea");
    }

    @Test
    void case25RollsTheLastChangeBack(Postgres postgres) throws Exception {
        update(postgres, "products.sql");

        run(
                postgres,
                new CommandScope(RollbackCountCommandStep.COMMAND_NAME)
                        .addArgumentValue(RollbackCountCommandStep.COUNT_ARG, 1),
                "products.sql");

        assertThat(Sql.list(postgres.dataSource(), "select count(*)::int from product"))
                .containsExactly(0);
    }

    @Test
    void case25AFailedChangeIsUndoneAndTheLockGivenBack(Postgres postgres) throws Exception {
        assertThatThrownBy(() -> update(postgres, "failing.sql")).hasStackTraceContaining("nowhere");

        assertThat(Sql.list(postgres.dataSource(), "select to_regclass('half_done')::text"))
                .containsOnlyNulls();
        assertThat(Sql.list(postgres.dataSource(), "select locked from databasechangeloglock"))
                .containsExactly(false);
    }

    @Test
    void case13AChangeThatCannotRunInATransactionSaysWhy(Postgres postgres) {
        assertThatThrownBy(() -> update(postgres, "concurrently.sql"))
                .hasStackTraceContaining("CREATE INDEX CONCURRENTLY cannot run inside a transaction block");
    }

    private static void update(Postgres postgres, String changes) throws Exception {
        run(postgres, new CommandScope(UpdateCommandStep.COMMAND_NAME), changes);
    }

    private static void run(Postgres postgres, CommandScope command, String changes) throws Exception {
        try (Connection connection = postgres.connection();
                Database database = DatabaseFactory.getInstance()
                        .findCorrectDatabaseImplementation(new JdbcConnection(connection))) {
            execute(command(command, changes)
                    .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, database));
        }
    }

    private static CommandScope command(CommandScope command, String changes) {
        return command.addArgumentValue(UpdateCommandStep.CHANGELOG_FILE_ARG, "liquibase/" + changes)
                .addArgumentValue(ShowSummaryArgument.SHOW_SUMMARY_OUTPUT, UpdateSummaryOutputEnum.LOG);
    }

    /** Tells the log what it would tell the console. */
    private static void execute(CommandScope command) throws Exception {
        Scope.child(Scope.Attr.ui, new LoggerUIService(), command::execute);
    }
}
