package dev.isolated.clickhouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process that a run is in. Others on its machine can see whether that lives, however long it says nothing: a JVM that a
 * debugger has stopped is not dead. Immutable.
 *
 * @param machine as long as it is up, and in a container of its own each container; empty where that cannot be told
 * @param began in the kernel's ticks since it started, which no change of a clock changes; the number of a process is used again
 */
record Witness(String machine, long pid, long began) {

    /** Where the kernel says that, behind the program's name in parentheses; see proc(5). */
    private static final int BEGAN = 19;

    static final Witness OWN = own();

    /** Whether this process can see that one. */
    boolean sees(Witness other) {
        return !machine.isEmpty() && machine.equals(other.machine);
    }

    /** Whether a process of that number lives; asked of one that can be seen. */
    boolean isThere() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Whether that is the same process; asked of one that is there. */
    boolean isTheSame() {
        return began(pid) == began;
    }

    private static Witness own() {
        long pid = ProcessHandle.current().pid();
        return new Witness(machineOfThis(), pid, began(pid));
    }

    /** 0 where that is not to be known. */
    private static long began(long pid) {
        try {
            String told = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return Long.parseLong(told.substring(told.lastIndexOf(')') + 2).split(" ", -1)[BEGAN]);
        } catch (IOException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "when process " + pid + " began is not known", e);
            return 0;
        }
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
