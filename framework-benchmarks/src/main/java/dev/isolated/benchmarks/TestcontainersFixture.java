package dev.isolated.benchmarks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FirstCallback.class)
class TestcontainersFixture {

    @Test
    void readsARow() throws Exception {
        TestcontainersFirstRow.read();
    }
}
