package dev.isolated.postgres;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs of JDBC calls do the same on a bare connection and in a sandbox. */
class DifferentialTest {

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=extended", "preferQueryMode=simple"})
    void programsDoTheSameInASandboxAsOnABareConnection(String mode) throws SQLException {
        new Differential(mode, RandomProgram::run, RandomSql.CLEAN_UP).compare(Differential.PROGRAMS);
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
