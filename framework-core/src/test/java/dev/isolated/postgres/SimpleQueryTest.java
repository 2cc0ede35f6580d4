package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Control.Kind;
import org.junit.jupiter.api.Test;

class SimpleQueryTest {

    @Test
    void oneStatementMeansWhatItMeans() {
        assertThat(SimpleQuery.control("; commit ;").kind()).isEqualTo(Kind.COMMIT);
        assertThat(SimpleQuery.control("").kind()).isEqualTo(Kind.PLAIN);
    }

    @Test
    void controlAmongOtherStatementsIsRefused() {
        assertThat(SimpleQuery.control("select 1; select 2").kind()).isEqualTo(Kind.PLAIN);
        assertThat(SimpleQuery.control("select 1; commit")).satisfies(mixed -> {
            assertThat(mixed.kind()).isEqualTo(Kind.REFUSED);
            assertThat(mixed.what()).contains("among other statements of one simple query");
        });
    }

    @Test
    void textTaintsIfAnyOfItsStatementsDoes() {
        assertThat(SimpleQuery.control("select 1; do 'begin end'").taints()).isTrue();
        assertThat(SimpleQuery.control("do 'begin end'; commit").taints()).isTrue();
        assertThat(SimpleQuery.control("select 1; commit").taints()).isFalse();
    }
}
