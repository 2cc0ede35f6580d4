package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

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
