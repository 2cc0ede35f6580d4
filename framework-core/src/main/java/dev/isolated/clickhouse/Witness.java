package dev.isolated.clickhouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The process that a run is in. Others on its machine can see whether that lives, however long it says nothing: a JVM that a
 * debugger has stopped is not dead. Immutable.
 *
 * @param machine as long as it is up, and in a container of its own each container; empty where that cannot be told
 * @param began in seconds since 1970; the number of a process is used again
 */
record Witness(String machine, long pid, long began) {

    /** As exact as systems tell when a process began. */
    private static final Duration BLUR = Duration.ofSeconds(5);

    static final Witness OWN = own();

    /** Whether this process can see that one. */
    boolean sees(Witness other) {
        return !machine.isEmpty() && machine.equals(other.machine);
    }

    /** Whether that process lives; asked of one that can be seen. */
    boolean lives() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(Witness::began)
                .filter(it -> Math.abs(it - began) <= BLUR.toSeconds())
                .isPresent();
    }

    private static Witness own() {
        ProcessHandle process = ProcessHandle.current();
        return new Witness(machineOfThis(), process.pid(), began(process));
    }

    private static long began(ProcessHandle process) {
        return process.info().startInstant().map(Instant::getEpochSecond).orElse(0L);
    }

    /** Processes see each other where they have the same kernel and the same numbers. */
    private static String machineOfThis() {
        try {
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            String numbers =
                    Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
            return boot + " " + numbers.replaceAll("\\D", "");
        } catch (IOException | UnsupportedOperationException e) {
            Log.LOGGER.log(
                    System.Logger.Level.DEBUG, "others know only by heartbeats whether this process lives: {0}", e);
            return "";
        }
    }
}
