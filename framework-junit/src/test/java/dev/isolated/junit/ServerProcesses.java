package dev.isolated.junit;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The Postgres servers that this JVM has started. */
final class ServerProcesses {

    private ServerProcesses() {}

    static List<ProcessHandle> ofThisJvm() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .command()
                        .filter(it -> it.endsWith("/postgres"))
                        .isPresent())
                .toList();
    }

    static void killAndWait(ProcessHandle process) {
        process.destroyForcibly();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("process " + process.pid() + " does not die", e);
        }
    }
}
