package dev.isolated.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whose rights the server runs with. Postgres refuses to be root, so root runs it as {@code nobody}. Immutable.
 *
 * @param root whether this JVM is root
 * @param owner the user who must own the server's files; empty where it is this JVM's
 * @param prefix what goes before a command line so that it runs as that user
 */
record Account(boolean root, String owner, List<String> prefix) {

    private static final String UNPRIVILEGED = "nobody";

    static Account current() {
        if (!isRoot()) {
            return new Account(false, "", List.of());
        }
        return onPath("setpriv")
                .map(setpriv -> List.of(setpriv, "--reuid=" + UNPRIVILEGED, "--regid=65534", "--clear-groups"))
                .or(() ->
                        onPath("su").map(su -> List.of(su, "-s", "/bin/sh", UNPRIVILEGED, "-c", "exec \"$0\" \"$@\"")))
                .map(prefix -> new Account(true, UNPRIVILEGED, prefix))
                .orElseGet(() -> new Account(true, UNPRIVILEGED, List.of()));
    }

    /** Whether this JVM is root and has no way to become somebody else. */
    boolean stuckAsRoot() {
        return root && prefix.isEmpty();
    }

    /** The command line that runs {@code command} as this account. */
    List<String> command(List<String> command) {
        var line = new ArrayList<>(prefix);
        line.addAll(command);
        return line;
    }

    /** Gives a file or directory to the account. */
    void own(Path path) throws IOException {
        if (!owner.isEmpty()) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner));
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    private static Optional<String> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
