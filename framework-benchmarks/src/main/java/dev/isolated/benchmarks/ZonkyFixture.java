package dev.isolated.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FirstCallback.class)
class ZonkyFixture {

    @Test
    void readsARow() throws Exception {
        try (var server = EmbeddedPostgres.start();
                var connection = server.getPostgresDatabase().getConnection()) {
            Sql.SELECT.execute(connection);
            Marks.mark(Marks.FIRST_ROW);
        }
    }
}
