package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Control.Kind;
import org.junit.jupiter.api.Test;

class ReadingsTest {

    private final Readings readings = new Readings();

    @Test
    void textIsReadOnceForAllConnections() {
        Part first = readings.of("rollback to x", true);
        assertThat(first.control().kind()).isEqualTo(Kind.ROLLBACK_TO);
        assertThat(readings.of("rollback to x", true)).isSameAs(first);
    }

    @Test
    void whatBackslashesMeanIsPartOfTheReading() {
        String sql = "select '\\' || set_config('a.b', '1', false)";
        assertThat(readings.of(sql, true)).isEqualTo(Part.of(sql, true));
        assertThat(readings.of(sql, false)).isEqualTo(Part.of(sql, false)).isNotEqualTo(readings.of(sql, true));
    }

    @Test
    void onlyTheLatestAreKept() {
        Part first = readings.of("select 0", true);
        for (int i = 1; i <= 1000; i++) {
            readings.of("select " + i, true);
        }
        assertThat(readings.of("select 0", true)).isEqualTo(first).isNotSameAs(first);
        assertThat(readings.of("select 1000", true)).isSameAs(readings.of("select 1000", true));
    }

    @Test
    void longTextsAreNotKept() {
        String sql = "select '" + "x".repeat(100_000) + "'";
        assertThat(readings.of(sql, true)).isEqualTo(readings.of(sql, true)).isNotSameAs(readings.of(sql, true));
    }
}
