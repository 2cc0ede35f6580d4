package dev.isolated.clickhouse;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void theDriverPlaysTheWholeScene() {
        assertThatCode(Rehearsal::play).doesNotThrowAnyException();
    }
}
