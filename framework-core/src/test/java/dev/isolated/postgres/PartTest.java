package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Control.Kind;
import org.junit.jupiter.api.Test;

class PartTest {

    @Test
    void oneStatementIsOnePartAsItWasWritten() {
        assertThat(Part.all("; commit ;")).singleElement().satisfies(part -> {
            assertThat(part.control().kind()).isEqualTo(Kind.COMMIT);
            assertThat(part.sql()).isEqualTo("; commit ;");
        });
        assertThat(Part.all("")).singleElement().extracting(Part::sql).isEqualTo("");
    }

    @Test
    void statementsStayTogetherUnlessControlIsAmongThem() {
        assertThat(Part.all("select 1; set a = 1")).singleElement().satisfies(part -> {
            assertThat(part.control().kind()).isEqualTo(Kind.SETTING);
            assertThat(part.sql()).isEqualTo("select 1; set a = 1");
        });
        assertThat(Part.all("select 1; commit; select 2"))
                .extracting(part -> part.control().kind())
                .containsExactly(Kind.PLAIN, Kind.COMMIT, Kind.PLAIN);
    }

    @Test
    void partStandsWhereItStoodInTheText() {
        String text = "begin;\n select 1;select 2";
        assertThat(Part.all(text))
                .allSatisfy(part -> assertThat(
                                text.substring(text.indexOf(part.sql().strip())))
                        .startsWith(part.sql().strip()));
        assertThat(Part.all(text))
                .extracting(part -> part.sql().indexOf(part.sql().strip()))
                .containsExactly(0, text.indexOf("select 1"), text.indexOf("select 2"));
    }

    @Test
    void textTaintsIfAnyOfItsStatementsDoes() {
        assertThat(Part.all("select 1; do 'begin end'").get(0).control().taints())
                .isTrue();
        assertThat(Part.all("do 'begin end'; commit").get(0).control().taints()).isTrue();
        assertThat(Part.all("select 1; select 2").get(0).control().taints()).isFalse();
    }
}
