package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Requirements.Lack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server lacks, told all at once. */
class RequirementsTest {

    private static final int WANTED = 5;

    @Test
    void aServerThatAllowsEverythingLacksNothing() {
        assertThat(Requirements.missing(facts("14.0", false, true, true, true), WANTED))
                .isEmpty();
        assertThat(Requirements.missing(facts("18.6 (Debian 18.6-1)", true, false, false, false), WANTED))
                .isEmpty();
    }

    @Test
    void everythingThatIsMissingIsNamedWithWhatMendsIt() {
        var facts = new Facts("tester", "13.22", false, false, false, false, true, 20, 16);

        assertThat(Requirements.missing(facts, WANTED))
                .extracting(Lack::found)
                .containsExactly(
                        "that its version is 13.22",
                        "that it is a standby, on which nothing can be made",
                        "that its administrator tester lacks CREATEDB and CREATEROLE and INHERIT",
                        "that 16 of its 20 connections are in use and 5 more may be needed");
        assertThat(Requirements.missing(facts, WANTED))
                .extracting(Lack::remedy)
                .contains("choose a server of version 14 or newer", "ALTER ROLE tester CREATEDB CREATEROLE INHERIT");
    }

    @Test
    void onlyTheRightThatIsMissingIsNamed() {
        assertThat(Requirements.missing(facts("15.1", false, true, false, true), WANTED))
                .containsExactly(new Lack(
                        "that its administrator te-ster lacks CREATEROLE", "ALTER ROLE \"te-ster\" CREATEROLE"));
        assertThat(Requirements.missing(facts("15.1", false, true, true, false), WANTED))
                .extracting(Lack::remedy)
                .containsExactly("ALTER ROLE \"te-ster\" INHERIT");
        assertThat(Requirements.missing(facts("16.0", false, true, true, false), WANTED))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"13.22,13", "14.0,14", "9.6.24,9", "19beta1,19", "18.6 (Debian 18.6-1),18", "null,0"})
    void theMajorVersionIsReadFromWhatServersSay(String version, int major) {
        assertThat(Facts.major(version)).isEqualTo(major);
    }

    private static Facts facts(String version, boolean superuser, boolean databases, boolean roles, boolean inherits) {
        return new Facts("te-ster", version, superuser, databases, roles, inherits, false, 97, 10);
    }
}
