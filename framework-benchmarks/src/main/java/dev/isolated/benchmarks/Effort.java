package dev.isolated.benchmarks;

/** How much is measured: enough for figures, or just enough to see that the benchmark still works. */
enum Effort {
    FULL,
    BRIEF;

    /** The number that this effort asks for. */
    int of(int full, int brief) {
        return this == FULL ? full : brief;
    }
}
