package dev.isolated.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** Starts zonky's server of the same binaries and reads one row. The reference of {@link ColdStart}. */
final class ZonkyFirstRow {

    private ZonkyFirstRow() {}

    public static void main(String[] arguments) throws Exception {
        Marks.begin();
        try (var server = EmbeddedPostgres.start()) {
            Marks.mark(Marks.SERVER_READY);
            try (var connection = server.getPostgresDatabase().getConnection()) {
                Sql.SELECT.execute(connection);
                Marks.mark(Marks.FIRST_ROW);
            }
        }
    }
}
