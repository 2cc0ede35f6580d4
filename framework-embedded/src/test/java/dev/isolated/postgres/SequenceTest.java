package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SequenceTest {

    @Test
    void case18SequencesGoOnWhereAnEarlierTestHasLeftThem() throws SQLException {
        assertThat(numbersOfThreeTests("keep")).containsExactly("1 7", "2 8", "3 9");
    }

    @Test
    void case18SequencesAreResetToWhereTheTemplateLeftThemWhereThatIsSet() throws SQLException {
        assertThat(numbersOfThreeTests("reset")).containsExactly("1 7", "1 7", "1 7");
    }

    @InEachQueryMode
    void case18ConnectionIsToldWhatItHasDrawnLast(String mode) throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("draws");
                Connection one = connection(environment, mode);
                Connection other = connection(environment, mode)) {
            Sql.run(one, "create table ticket (id serial)", "create sequence numbers start 40");
            assertThat(Sql.state(() -> Sql.run(one, "select lastval()"))).isEqualTo("55000");
            Sql.run(one, "select nextval('numbers')");
            assertThat(Sql.state(() -> Sql.run(other, "select lastval()"))).isEqualTo("55000");
            for (int round = 1; round < 4; round += 2) {
                Sql.run(one, "insert into ticket default values");
                assertThat(Sql.one(one, "select lastval()")).isEqualTo("" + round);
                Sql.run(other, "insert into ticket default values; select lastval(); select nextval('numbers')");
                assertThat(Sql.one(other, "select currval('ticket_id_seq')")).isEqualTo("" + (round + 1));
                assertThatThrownBy(() -> Sql.run(one, "select lastval()"))
                        .hasMessageContaining("lastval() or currval(), after another connection has inserted or drawn"
                                + " from a sequence, is not possible in TRANSACTION isolation, in draws")
                        .hasMessageContaining("Use INSERT ... RETURNING, or @Isolated(mode = \"DATABASE\")");
                assertThat(Sql.state(() -> Sql.run(one, "select currval('numbers')")))
                        .isEqualTo("0A000");
            }
        }
    }

    @InEachQueryMode
    void case18ConnectionThatHasDrawnNothingIsToldSoWhateverItHasSaid(String mode) throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("draws nothing");
                Connection one = connection(environment, mode);
                Connection other = connection(environment, mode)) {
            Sql.run(one, "create table ticket (id serial)", "insert into ticket default values");
            assertThat(Sql.state(() -> Sql.run(other, "select 1/0; insert into ticket default values")))
                    .isEqualTo("22012");
            assertThat(Sql.state(() -> Sql.run(other, "select lastval()"))).isEqualTo("55000");
            Sql.run(other, "insert into ticket values (99)");
            assertThat(Sql.state(() -> Sql.run(other, "select lastval()"))).isEqualTo("55000");
            assertThat(Sql.state(
                            () -> Sql.run(other, "insert into ticket values (98); select currval('ticket_id_seq')")))
                    .isEqualTo("55000");
        }
    }

    @InEachQueryMode
    void case18WhatHasBeenDrawnIsForgottenForTheConnectionThatSaysSo(String mode) throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("discards");
                Connection one = connection(environment, mode);
                Connection other = connection(environment, mode)) {
            Sql.run(one, "create sequence numbers");
            for (String discard : new String[] {"discard sequences", "discard all"}) {
                Sql.run(one, "select nextval('numbers')");
                Sql.run(other, discard);
                Sql.run(one, "select lastval()", discard);
                assertThat(Sql.state(() -> Sql.run(one, "select lastval()"))).isEqualTo("55000");
            }
        }
    }

    private static Connection connection(IsolatedEnvironment environment, String mode) throws SQLException {
        return Sandboxes.byUrl(environment.get(Postgres.class), mode);
    }

    /** What two sequences of the template's give, one of which it has used. */
    private static List<String> numbersOfThreeTests(String setting) throws SQLException {
        Map<String, String> settings = Map.of(
                "isolated.environments.max", "1",
                "isolated.postgres.scripts", "dev/isolated/postgres/template.sql",
                "isolated.postgres.sequences", setting);
        List<String> numbers = new ArrayList<>();
        try (Environments environments = Sandboxes.environments(settings)) {
            for (int test = 0; test < 3; test++) {
                try (IsolatedEnvironment environment = Sandboxes.open(environments, "test " + test);
                        Connection connection = environment.get(Postgres.class).connection()) {
                    numbers.add(Sql.one(connection, "insert into ticket default values returning id") + " "
                            + Sql.one(connection, "select nextval('\"Odd ''one\"')"));
                    Sql.run(connection, "create sequence made_by_the_test");
                }
            }
        }
        return numbers;
    }
}
