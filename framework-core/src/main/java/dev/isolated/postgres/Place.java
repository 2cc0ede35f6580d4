package dev.isolated.postgres;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Remembers the stack where something happened, to be shown and never thrown. */
final class Place extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int FRAMES = 8;
    private static final List<String> PLUMBING = List.of(
            "dev.isolated.postgres.",
            "org.postgresql.",
            "java.lang.reflect.",
            "jdk.internal.",
            "org.junit.",
            "org.apache.maven.surefire.",
            "java.io.",
            "java.util.");

    /** What happened there, and the part of the stack that tells its reader where their own code was. */
    String of(String event) {
        return Arrays.stream(getStackTrace())
                .filter(frame -> PLUMBING.stream().noneMatch(frame.getClassName()::startsWith))
                .limit(FRAMES)
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining("", event, ""));
    }
}
