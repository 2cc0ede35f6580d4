package dev.isolated.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

/** Spring's {@code @Transactional}: each test in a transaction of the test's own, on a pool, rolled back. */
@ExtendWith({SuiteMarks.class, SpringExtension.class})
@ContextConfiguration(classes = TransactionalSuite.Database.class)
@Transactional
class TransactionalSuite {

    @Configuration
    static class Database {

        @Bean(destroyMethod = "close")
        EmbeddedPostgres server() throws IOException {
            return EmbeddedPostgres.start();
        }

        @Bean
        HikariDataSource dataSource(EmbeddedPostgres server) {
            var pool = new HikariDataSource();
            pool.setDataSource(server.getPostgresDatabase());
            return pool;
        }

        @Bean(initMethod = "migrate")
        Flyway flyway(DataSource dataSource) {
            return Flyway.configure()
                    .dataSource(dataSource)
                    .locations("classpath:suite")
                    .load();
        }

        @Bean
        PlatformTransactionManager transactions(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }
    }

    @ParameterizedTest
    @MethodSource(SmallTest.NUMBERS)
    void works(int number, @Autowired DataSource dataSource) {
        SmallTest.run(new JdbcTemplate(dataSource));
    }
}
