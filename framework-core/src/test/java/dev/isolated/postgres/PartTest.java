package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Control.Kind;
import org.junit.jupiter.api.Test;

class PartTest {

    @Test
    void oneStatementIsOnePartAsItWasWritten() {
        assertThat(Part.all("; commit ;", true)).singleElement().satisfies(part -> {
            assertThat(part.control().kind()).isEqualTo(Kind.COMMIT);
            assertThat(part.sql()).isEqualTo("; commit ;");
        });
        assertThat(Part.all("", true)).singleElement().extracting(Part::sql).isEqualTo("");
    }

    @Test
    void statementsStayTogetherUnlessControlIsAmongThem() {
        assertThat(Part.all("select 1; set a = 1", true)).singleElement().satisfies(part -> {
            assertThat(part.control().kind()).isEqualTo(Kind.SETTING);
            assertThat(part.sql()).isEqualTo("select 1; set a = 1");
        });
        assertThat(Part.all("select 1; commit; select 2", true))
                .extracting(part -> part.control().kind())
                .containsExactly(Kind.PLAIN, Kind.COMMIT, Kind.PLAIN);
    }

    @Test
    void partKnowsHowManyCharactersStandBeforeIt() {
        String text = "begin;\n select '😀';select 2";
        assertThat(Part.all(text, true)).extracting(Part::sql).containsExactly("begin", "select '😀'", "select 2");
        assertThat(Part.all(text, true)).extracting(Part::start).containsExactly(0, 8, 19);
    }

    @Test
    void partsAreNoLongerThanTheirText() {
        String text = "begin;" + "select 1;".repeat(1000) + "commit";
        assertThat(Part.all(text, true).stream()
                        .mapToInt(part -> part.sql().length())
                        .sum())
                .isLessThan(text.length());
    }

    @Test
    void textTaintsIfAnyOfItsStatementsDoes() {
        assertThat(Part.all("select 1; do 'begin end'", true).get(0).control().taints())
                .isTrue();
        assertThat(Part.all("do 'begin end'; commit", true).get(0).control().taints())
                .isTrue();
        assertThat(Part.all("select 1; select 2", true).get(0).control().taints())
                .isFalse();
    }

    @Test
    void textMayLockRowsIfAnyOfItsStatementsDoes() {
        assertThat(Part.of("select 1 from t for no key update", true).locksRows())
                .isTrue();
        assertThat(Part.all("select 1; select 2 from t for\nshare", true).get(0).locksRows())
                .isTrue();
        assertThat(Part.of("update t set former = former", true).locksRows()).isFalse();
    }

    @Test
    void textsThatSayNothingSayNothingTogether() {
        assertThat(Part.all("select 1; select 2", true).get(0).traits().none()).isTrue();
        assertThat(Part.all("select 1; set work_mem = '1MB'", true)
                        .get(0)
                        .traits()
                        .none())
                .isFalse();
    }
}
