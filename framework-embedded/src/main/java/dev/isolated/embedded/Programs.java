package dev.isolated.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs the small programs that set a server up. */
final class Programs {

    private static final long SECONDS = 120;

    private Programs() {}

    /** Runs a program to its end; fails with what it said where it fails. */
    static void run(ProcessBuilder builder, String name) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        await(process, name);
    }

    /** Waits for a program whose input has been given. */
    static void await(Process process, String name) throws IOException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(name + " failed: " + output.strip());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name + " was running", e);
        }
    }
}
