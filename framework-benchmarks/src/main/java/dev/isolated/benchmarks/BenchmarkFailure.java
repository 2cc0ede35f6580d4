package dev.isolated.benchmarks;

/** What a benchmark checks beside its figures did not hold, so its figures mean nothing. */
final class BenchmarkFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    BenchmarkFailure(String message) {
        super(message);
    }

    BenchmarkFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
