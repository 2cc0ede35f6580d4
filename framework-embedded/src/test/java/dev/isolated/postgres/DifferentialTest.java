package dev.isolated.postgres;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs of JDBC calls do the same on a bare connection and in a sandbox. */
class DifferentialTest {

    /** What a statement needs of a transaction block, where it is sent with others, is not the same on older servers. */
    @BeforeAll
    static void compareWithTheNewestServer() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("version");
                Connection connection = environment.get(Postgres.class).connection()) {
            assumeTrue(
                    connection.getMetaData().getDatabaseMajorVersion() >= 18,
                    "in pipelines the sandbox does what PostgreSQL 18 does");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=extended", "preferQueryMode=simple"})
    void programsDoTheSameInASandboxAsOnABareConnection(String mode) throws SQLException {
        new Differential(mode, RandomProgram::run, RandomSql.CLEAN_UP).compare(Differential.PROGRAMS);
    }

    /**
     * Chains that did not come to pass, or were read-only by default; a level that changed behind a prepared statement; a
     * {@code BEGIN} behind the way back to a savepoint; a cursor that outlived a text whose {@code ROLLBACK} was not reached.
     */
    @ParameterizedTest
    @CsvSource({
        "62874256048340, autosave=always",
        "64095925351592, readOnlyMode=always",
        "64095925350668, readOnlyMode=always",
        "64095925350168, readOnlyMode=always",
        "62886864828370, preferQueryMode=extendedCacheEverything&prepareThreshold=1",
        "69717912819392, preferQueryMode=simple",
        "69717912819392, preferQueryMode=extended",
        "71686915610688, autosave=always"
    })
    void programsThatOnceDidNotDoSo(long seed, String options) throws SQLException {
        new Differential(options, RandomProgram::run, RandomSql.CLEAN_UP).compare(seed, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything&prepareThreshold=1",
                "autosave=always",
                "autosave=conservative&preferQueryMode=simple",
                "reWriteBatchedInserts=true",
                "readOnlyMode=always"
            })
    void programsDoTheSameWhateverTheDriverIsTold(String options) throws SQLException {
        new Differential(options, RandomProgram::run, RandomSql.CLEAN_UP).compare(Differential.PROGRAMS / 5);
    }
}
