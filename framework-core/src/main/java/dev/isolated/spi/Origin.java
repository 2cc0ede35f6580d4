package dev.isolated.spi;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Where in a test's code something happened, by the stack of whoever makes it. Immutable. */
public final class Origin {

    private static final int FRAMES = 8;
    private static final List<String> PLUMBING = List.of(
            "dev.isolated.spi.",
            "dev.isolated.postgres.",
            "dev.isolated.redis.",
            "org.postgresql.",
            "io.lettuce.",
            "java.lang.reflect.",
            "java.io.",
            "java.util.",
            "jdk.internal.",
            "org.junit.",
            "org.apache.maven.surefire.");

    // Most are never asked: taking a stack costs little, and reading it more.
    private final Stack stack = new Stack();

    /** What happened there, and the part of the stack that tells its reader where their own code was. */
    public String of(String event) {
        return Arrays.stream(stack.getStackTrace())
                .filter(frame -> PLUMBING.stream().noneMatch(frame.getClassName()::startsWith))
                .limit(FRAMES)
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining("", event, ""));
    }

    /** To be shown and never thrown. */
    private static final class Stack extends Exception {

        private static final long serialVersionUID = 1L;
    }
}
