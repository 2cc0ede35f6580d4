package dev.isolated.benchmarks;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;

@ExtendWith({SuiteMarks.class, IsolatedEnvironmentExtension.class})
class IsolatedSuite {

    @RepeatedTest(SmallTest.TESTS)
    void works(Postgres postgres) {
        SmallTest.run(new JdbcTemplate(postgres.dataSource()));
    }
}
