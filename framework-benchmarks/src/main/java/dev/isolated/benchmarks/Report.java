package dev.isolated.benchmarks;

import java.io.PrintStream;

/** Where a benchmark says what it found. Thread-safe. */
final class Report {

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    /** A remark for people. */
    void line(String text) {
        out.println(text);
    }

    /** A result, in the one form that the tables in the documentation are made from. */
    void result(Verdict verdict) {
        out.println("RESULT " + verdict);
    }
}
