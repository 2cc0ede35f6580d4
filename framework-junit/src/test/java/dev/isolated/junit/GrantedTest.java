package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** What was made for a test is closed with it. */
class GrantedTest {

    @Test
    void everyOneIsClosedTheNewestFirstAndTheFirstFailureCarriesTheLater() {
        MakingThree.closed.clear();
        EngineExecutionResults results = Runs.run(ThreeTestCase.class);

        assertThat(MakingThree.closed).containsExactly("third", "second", "first");
        assertThat(onlyFailure(results))
                .hasMessage("Could not close third for a test: found third is stuck. What to do: see the cause.")
                .hasCauseInstanceOf(IOException.class);
        assertThat(onlyFailure(results).getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("Could not close first for a test: found first is stuck. What to do: see the cause.");
    }

    @ExtendWith(MakingThree.class)
    static class ThreeTestCase {

        @Test
        void test() {}
    }

    static class MakingThree implements BeforeEachCallback {

        static final List<String> closed = new ArrayList<>();

        @Override
        public void beforeEach(ExtensionContext context) {
            Granted.closeWith(context, new Resource("first", true), "a test");
            Granted.closeWith(context, new Resource("second", false), "a test");
            Granted.closeWith(context, new Resource("third", true), "a test");
        }
    }

    private record Resource(String name, boolean stuck) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            MakingThree.closed.add(name);
            if (stuck) {
                throw new IOException(name + " is stuck");
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Throwable onlyFailure(EngineExecutionResults results) {
        List<Throwable> failures = results.testEvents().failed().stream()
                .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
                .flatMap(result -> result.getThrowable().stream())
                .map(Throwable::getCause)
                .toList();
        assertThat(failures).hasSize(1);
        return failures.get(0);
    }
}
