package dev.isolated.benchmarks;

import static io.zonky.test.db.AutoConfigureEmbeddedDatabase.DatabaseProvider.EMBEDDED;
import static io.zonky.test.db.AutoConfigureEmbeddedDatabase.RefreshMode.AFTER_EACH_TEST_METHOD;

import io.zonky.test.db.AutoConfigureEmbeddedDatabase;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** A fresh database for each test, as embedded-database-spring-test makes it. */
@ExtendWith({SuiteMarks.class, SpringExtension.class})
@ContextConfiguration(classes = ZonkySuite.Migrated.class)
@AutoConfigureEmbeddedDatabase(provider = EMBEDDED, refresh = AFTER_EACH_TEST_METHOD)
class ZonkySuite {

    @Configuration
    static class Migrated {

        @Bean(initMethod = "migrate")
        Flyway flyway(DataSource dataSource) {
            return Flyway.configure()
                    .dataSource(dataSource)
                    .locations("classpath:suite")
                    .load();
        }
    }

    @ParameterizedTest
    @MethodSource(SmallTest.NUMBERS)
    void works(int number, @Autowired DataSource dataSource) {
        SmallTest.run(new JdbcTemplate(dataSource));
    }
}
