package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What the system may do to a process. Stateless. */
public final class Signal {

    private Signal() {}

    /** Sends one, such as {@code STOP}. */
    public static void send(String name, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .inheritIO()
                    .start();
            assertThat(kill.onExit().join().exitValue())
                    .as("the status of kill -" + name)
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
