package dev.isolated.benchmarks;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({FirstCallback.class, IsolatedEnvironmentExtension.class})
class IsolatedFixture {

    @Test
    void readsARow(Postgres postgres) throws Exception {
        try (var connection = postgres.connection()) {
            Sql.SELECT.execute(connection);
            Marks.mark(Marks.FIRST_ROW);
        }
    }
}
