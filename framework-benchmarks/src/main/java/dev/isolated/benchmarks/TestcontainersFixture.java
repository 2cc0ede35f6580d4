package dev.isolated.benchmarks;

import org.junit.jupiter.api.Test;

class TestcontainersFixture {

    @Test
    void readsARow() throws Exception {
        TestcontainersFirstRow.read();
    }
}
