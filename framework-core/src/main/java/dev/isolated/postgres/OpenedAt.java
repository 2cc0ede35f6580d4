package dev.isolated.postgres;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The part of a stack that tells its reader where their own code opened something. */
final class OpenedAt {

    private static final int FRAMES = 8;
    private static final List<String> PLUMBING = List.of(
            "dev.isolated.postgres.",
            "org.postgresql.",
            "java.lang.reflect.",
            "jdk.internal.",
            "org.junit.",
            "java.util.");

    private OpenedAt() {}

    static String describe(Throwable opened) {
        return Arrays.stream(opened.getStackTrace())
                .filter(frame -> PLUMBING.stream().noneMatch(frame.getClassName()::startsWith))
                .limit(FRAMES)
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining("", "opened", ""));
    }
}
