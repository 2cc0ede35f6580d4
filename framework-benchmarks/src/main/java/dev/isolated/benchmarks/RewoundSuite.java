package dev.isolated.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.junit.SharedEnvironment;
import dev.isolated.postgres.Postgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** One environment for a class, with the application's pool, taken back after each test to what it was before. */
@ExtendWith({SuiteMarks.class, IsolatedEnvironmentExtension.class})
@SharedEnvironment(rewind = true)
class RewoundSuite {

    private static HikariDataSource pool;

    @BeforeAll
    static void open(Postgres postgres) {
        pool = new HikariDataSource();
        pool.setDataSource(postgres.dataSource());
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @ParameterizedTest
    @MethodSource(SmallTest.NUMBERS)
    void works(int number) {
        SmallTest.run(new JdbcTemplate(pool));
    }
}
