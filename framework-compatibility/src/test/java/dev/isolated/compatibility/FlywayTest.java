package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Flyway run inside a test. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class FlywayTest {

    @Test
    void case25MigratesAndIsUpToDateTheSecondTime(Postgres postgres) throws Exception {
        var configuration =
                Flyway.configure().dataSource(postgres.dataSource()).locations("classpath:flyway/migrations");
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        Flyway flyway = configuration.load();

        assertThat(flyway.migrate().migrationsExecuted).isEqualTo(2);
        assertThat(flyway.migrate().migrationsExecuted).isZero();
        assertThat(flyway.validateWithResult().validationSuccessful).isTrue();
        assertThat(flyway.info().current().getVersion()).hasToString("2");
        assertThat(Sql.list(postgres.dataSource(), "select name from product")).containsExactly("tea");
    }

    @Test
    void case25ByUrlItKnowsItsDatabaseByThePrefix(Postgres postgres) {
        String password = postgres.password().reveal();

        assertThat(locations(Flyway.configure().dataSource(postgres.jdbcUrl(), postgres.user(), password))
                        .load()
                        .migrate()
                        .migrationsExecuted)
                .isEqualTo(2);
        assertThatThrownBy(() -> Flyway.configure()
                        .dataSource(postgres.isolatedUrl(), postgres.user(), password)
                        .load()
                        .migrate())
                .isInstanceOf(FlywayException.class);
    }

    @Test
    void case25AFailedMigrationIsUndoneAndTheEarlierOnesStay(Postgres postgres) throws Exception {
        Flyway flyway = over(postgres)
                .locations("classpath:flyway/migrations", "classpath:flyway/failing")
                .load();

        assertThatThrownBy(flyway::migrate).isInstanceOf(FlywayException.class).hasMessageContaining("V3__fails.sql");
        assertThat(flyway.info().current().getVersion()).hasToString("2");
        assertThat(Sql.list(postgres.dataSource(), "select to_regclass('half_done')::text"))
                .containsOnlyNulls();
    }

    @Test
    void case25RepairAcceptsWhatHasChanged(Postgres postgres) throws Exception {
        Flyway flyway = over(postgres).load();
        flyway.migrate();
        Sql.run(postgres.dataSource(), "update flyway_schema_history set checksum = 1 where version = '1'");
        assertThat(flyway.validateWithResult().validationSuccessful).isFalse();

        flyway.repair();

        assertThat(flyway.validateWithResult().validationSuccessful).isTrue();
    }

    @Test
    void case25CleanIsRefusedWhereItIsDisabledAndCleansWhereNot(Postgres postgres) throws Exception {
        over(postgres).load().migrate();

        assertThatThrownBy(over(postgres).cleanDisabled(true).load()::clean).isInstanceOf(FlywayException.class);
        over(postgres).cleanDisabled(false).load().clean();
        assertThat(Sql.list(postgres.dataSource(), "select to_regclass('product')::text"))
                .containsOnlyNulls();
    }

    @Test
    void case13AMigrationThatCannotRunInATransactionSaysWhy(Postgres postgres) {
        Flyway flyway = over(postgres)
                .locations("classpath:flyway/migrations", "classpath:flyway/concurrently")
                .load();

        assertThatThrownBy(flyway::migrate)
                .isInstanceOf(FlywayException.class)
                .hasMessageContaining("V3__index_concurrently.sql")
                .hasMessageContaining("CREATE INDEX CONCURRENTLY cannot run inside a transaction block");
    }

    private static FluentConfiguration over(Postgres postgres) {
        return locations(Flyway.configure().dataSource(postgres.dataSource()));
    }

    /** Its default lock keeps a transaction open on one connection while it migrates on another. */
    private static FluentConfiguration locations(FluentConfiguration configuration) {
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration.locations("classpath:flyway/migrations");
    }
}
