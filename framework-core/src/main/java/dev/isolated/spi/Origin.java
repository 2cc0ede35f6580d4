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
            "java.lang.Thread",
            "java.lang.reflect.",
            "java.io.",
            "java.util.",
            "jdk.internal.",
            "org.junit.",
            "org.apache.maven.surefire.");
    /** What applications reach a database by: of no interest where their own code is in the stack. */
    private static final List<String> FRAMEWORKS = List.of(
            "com.zaxxer.",
            "java.sql.",
            "org.apache.commons.dbcp2.",
            "org.apache.ibatis.",
            "org.hibernate.",
            "org.jooq.",
            "org.mybatis.",
            "org.springframework.");

    // Most are never asked: taking a stack costs little, and reading it more.
    private final Stack stack = new Stack();

    /** What happened there, and the part of the stack that tells its reader where their own code was. */
    public String of(String event) {
        List<StackTraceElement> frames = without(PLUMBING, Arrays.asList(stack.getStackTrace()));
        List<StackTraceElement> own = without(FRAMEWORKS, frames);
        return (own.isEmpty() ? frames : own)
                .stream().limit(FRAMES).map(frame -> "\n\tat " + frame).collect(Collectors.joining("", event, ""));
    }

    private static List<StackTraceElement> without(List<String> packages, List<StackTraceElement> frames) {
        return frames.stream()
                .filter(frame -> packages.stream().noneMatch(frame.getClassName()::startsWith))
                .toList();
    }

    /** To be shown and never thrown. */
    private static final class Stack extends Exception {

        private static final long serialVersionUID = 1L;
    }
}
