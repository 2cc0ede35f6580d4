package dev.isolated.benchmarks;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks when extensions are called for the first time; registered before any other. */
final class FirstCallback implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        Marks.mark(Marks.FIRST_CALLBACK);
    }
}
