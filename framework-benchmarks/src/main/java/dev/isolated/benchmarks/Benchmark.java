package dev.isolated.benchmarks;

/** Something that is measured by its name. Used once. */
interface Benchmark {

    /** What it is run by. */
    String name();

    /** What it compares, in one line. */
    String description();

    /** Measures, and reports one result or more. */
    void run(Effort effort, Report report) throws Exception;
}
