package dev.isolated.benchmarks;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.JdbcTemplate;

@ExtendWith({SuiteMarks.class, IsolatedEnvironmentExtension.class})
class IsolatedSuite {

    @ParameterizedTest
    @MethodSource(SmallTest.NUMBERS)
    void works(int number, Postgres postgres) {
        SmallTest.run(new JdbcTemplate(postgres.dataSource()));
    }
}
