package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Requirements.Lack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server lacks, told all at once. */
class RequirementsTest {

    private static final String LIMITS =
            "raise its max_connections (isolated.embedded.connections where it is embedded),"
                    + " end some of these, or lower isolated.environments.max";

    private static final Requirements TRANSACTION =
            new Requirements(PostgresService.TRANSACTION, new Budget("1a2b3c4d", 5, 1));
    private static final Requirements DATABASE =
            new Requirements(PostgresService.DATABASE, new Budget("1a2b3c4d", 5, 10));
    private static final Requirements SCHEMA = new Requirements(PostgresService.SCHEMA, new Budget("1a2b3c4d", 5, 10));

    @Test
    void aServerThatAllowsEverythingLacksNothing() {
        assertThat(TRANSACTION.missing(facts("14.0", false, true, true, true))).isEmpty();
        assertThat(DATABASE.missing(facts("18.6 (Debian 18.6-1)", true, false, false, false)))
                .isEmpty();
    }

    @Test
    void everythingThatIsMissingIsNamedWithWhatMendsIt() {
        var facts = new Facts("tester", "13.22", false, false, false, false, false, true, 20, 16, List.of());

        assertThat(TRANSACTION.missing(facts))
                .containsExactly(
                        new Lack("that its version is 13.22", "choose a server of version 14 or newer"),
                        new Lack("that it is a standby, on which nothing can be made", "name its primary"),
                        new Lack(
                                "that its administrator tester lacks CREATEDB and CREATEROLE and INHERIT",
                                "ALTER ROLE tester CREATEDB CREATEROLE INHERIT, or set isolated.postgres.mode=schema,"
                                        + " which makes no databases"),
                        new Lack("that 16 of its 20 connections are in use and 9 more may be needed", LIMITS));
    }

    @Test
    void onlyTheRightThatIsMissingIsNamed() {
        assertThat(TRANSACTION.missing(facts("15.1", false, true, false, true)))
                .containsExactly(new Lack(
                        "that its administrator te-ster lacks CREATEROLE", "ALTER ROLE \"te-ster\" CREATEROLE"));
        assertThat(DATABASE.missing(facts("15.1", false, true, true, false)))
                .extracting(Lack::remedy)
                .containsExactly("ALTER ROLE \"te-ster\" INHERIT");
        assertThat(DATABASE.missing(facts("16.0", false, true, true, false))).isEmpty();
    }

    @Test
    void schemasNeedNoRightsButThatToMakeThem() {
        assertThat(SCHEMA.missing(facts("14.0", false, false, false, false))).isEmpty();
        assertThat(SCHEMA.missing(
                        new Facts("te-ster", "14.0", false, false, false, false, false, false, 97, 10, List.of())))
                .containsExactly(new Lack(
                        "that its administrator te-ster lacks the right to make schemas there",
                        "GRANT CREATE ON DATABASE … TO \"te-ster\", for the database in isolated.postgres.database"));
    }

    @Test
    void case34WhatOtherRunsNeedIsCountedAndNamed() {
        var others = List.of(new Budget.Other("0badcafe", 24, "4711"), new Budget.Other("deadbeef", 10, "4712"));
        var full = new Facts("tester", "18.6", true, true, true, true, true, false, 97, 10, others);

        assertThat(DATABASE.missing(full))
                .containsExactly(new Lack(
                        "that 10 of its 97 connections are in use and 34 are promised to other runs: process 4711 (run"
                                + " 0badcafe) 24, process 4712 (run deadbeef) 10; and 54 more may be needed",
                        LIMITS + " or isolated.postgres.connections"));
        assertThat(TRANSACTION.missing(full)).isEmpty();
        assertThat(DATABASE.budget().arithmetic())
                .isEqualTo("54 connections (isolated.environments.max 5 × 10 each + 4 of its own)");
    }

    @ParameterizedTest
    @CsvSource({"13.22,13", "14.0,14", "9.6.24,9", "19beta1,19", "18.6 (Debian 18.6-1),18", "null,0"})
    void theMajorVersionIsReadFromWhatServersSay(String version, int major) {
        assertThat(Facts.major(version)).isEqualTo(major);
    }

    private static Facts facts(String version, boolean superuser, boolean databases, boolean roles, boolean inherits) {
        return new Facts("te-ster", version, superuser, databases, roles, inherits, true, false, 97, 10, List.of());
    }
}
