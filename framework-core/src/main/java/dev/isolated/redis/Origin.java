package dev.isolated.redis;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.stream.Collectors;

/** Where in tests' own code something was opened, as its stack tells. Immutable. */
record Origin(List<StackFrame> frames) {

    private static final int MOST = 8;
    private static final List<String> PLUMBING =
            List.of("dev.isolated.redis.", "io.lettuce.", "java.", "jdk.", "org.junit.", "org.apache.maven.surefire.");

    Origin {
        frames = List.copyOf(frames);
    }

    /** Of whoever is calling. */
    static Origin here() {
        return new Origin(StackWalker.getInstance()
                .walk(stack -> stack.filter(Origin::tells).limit(MOST).toList()));
    }

    /** What happened there, and where that is. */
    String of(String event) {
        return frames.stream()
                .map(frame -> "\n\tat " + frame.toStackTraceElement())
                .collect(Collectors.joining("", event, ""));
    }

    private static boolean tells(StackFrame frame) {
        return PLUMBING.stream().noneMatch(frame.getClassName()::startsWith);
    }
}
