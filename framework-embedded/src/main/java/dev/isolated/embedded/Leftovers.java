package dev.isolated.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** What hosts have left all whose processes were killed, and its removal. Stateless. */
final class Leftovers {

    private Leftovers() {}

    /** Removes what can be removed; what cannot is logged, so that it keeps no start from its work. */
    static void sweep(Path parent) throws IOException {
        for (HostDirectory directory : HostDirectory.all(parent)) {
            try {
                if (abandoned(directory)) {
                    remove(directory);
                }
            } catch (IOException e) {
                Log.LOGGER.log(
                        System.Logger.Level.WARNING,
                        "what was left in {0} could not be removed, a later start tries again: {1}",
                        directory,
                        e);
            }
        }
    }

    /** Until others can find the server it belongs to the JVM that began it, whose host may not work there yet. */
    private static boolean abandoned(HostDirectory directory) {
        boolean beginning = !directory.published() && directory.founder().isPresent();
        return !beginning && directory.abandoned();
    }

    private static void remove(HostDirectory directory) throws IOException {
        directory.processes(true).forEach(ProcessHandle::destroyForcibly);
        Once.delete(directory.path());
        Log.LOGGER.log(System.Logger.Level.INFO, "removed what a host that was killed has left in {0}", directory);
    }
}
