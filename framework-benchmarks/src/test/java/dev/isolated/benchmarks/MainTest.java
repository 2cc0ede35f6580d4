package dev.isolated.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {

    @Test
    void everyBenchmarkHasANameOfItsOwnAndOneLineToDescribeIt() {
        assertThat(Main.benchmarks()).extracting(Benchmark::name).doesNotHaveDuplicates();
        assertThat(Main.benchmarks())
                .allSatisfy(benchmark ->
                        assertThat(benchmark.description()).isNotBlank().doesNotContain("\n"));
    }
}
