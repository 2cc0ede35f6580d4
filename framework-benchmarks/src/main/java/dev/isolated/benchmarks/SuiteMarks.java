package dev.isolated.benchmarks;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks when a suite begins, when its first test is over and when all are; registered before any other extension. */
final class SuiteMarks implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        Marks.mark(Marks.FIRST_CALLBACK);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Marks.mark(Marks.TEST_OVER);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Marks.mark(Marks.LAST_CALLBACK);
    }
}
