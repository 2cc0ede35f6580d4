package dev.isolated.junit;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.spi.Evidence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * What a failed test leaves to look at: the evidence of its environment, gathered while everything is as the test left it,
 * in a file that is attached to the test's report, to which the failure points. Immutable.
 *
 * @param home whose environment it is: the test's, or the one of its class
 */
record Aftermath(ExtensionContext context, Home home, IsolatedEnvironment environment) {

    private static final String DIRECTORY = "isolated";
    private static final String FILE = "evidence.txt";

    /** Gathers it, once for each failure; nothing that goes wrong with that comes out of here. */
    void of(Throwable failure) {
        boolean known = Arrays.stream(failure.getSuppressed()).anyMatch(EvidenceTaken.class::isInstance);
        if (!known && !(failure instanceof TestAbortedException)) {
            gather(failure);
        }
    }

    private void gather(Throwable failure) {
        try {
            List<Evidence> evidence = new ArrayList<>(environment.evidence());
            List<Evidence> kept = environment.keep();
            evidence.addAll(kept);
            if (!evidence.isEmpty()) {
                Path file = publish(text(failure, evidence));
                failure.addSuppressed(new EvidenceTaken("what " + test() + " did to its services is in " + file));
            }
            kept.forEach(it -> failure.addSuppressed(new EvidenceTaken(it.title() + ": " + it.text())));
        } catch (RuntimeException e) {
            failure.addSuppressed(
                    new EvidenceTaken("what " + test() + " did to its services could not be attached: " + e));
        }
    }

    /** As a directory, because JUnit's way to publish a single file is another one in each of its versions. */
    private Path publish(String text) {
        var written = new ArrayList<Path>();
        context.publishDirectory(DIRECTORY, directory -> written.add(Files.writeString(directory.resolve(FILE), text)));
        return written.get(0);
    }

    private String text(Throwable failure, List<Evidence> evidence) {
        var text = new StringBuilder(test()).append(" failed: ").append(failure).append('\n');
        if (home.context().getTestMethod().isEmpty()) {
            text.append("Its environment is the one of ")
                    .append(home.name())
                    .append(
                            home.rewinds()
                                    ? ", rewound after each test.\n"
                                    : "; what other tests of the class did to it is seen here too.\n");
        }
        for (Evidence each : evidence) {
            text.append("\n== ").append(each.title()).append('\n');
            text.append(each.text().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private String test() {
        return context == home.context()
                ? home.name()
                : context.getTestMethod()
                        .map(method -> new Home(context).name())
                        .orElseGet(() -> home.name() + " " + context.getDisplayName());
    }
}
