package dev.isolated.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whose rights the server runs with. Postgres refuses to be root, so root runs it as {@code nobody}. Immutable.
 *
 * @param user whom this JVM runs as
 * @param owner the user who must own the server's files; empty where it is this JVM's
 * @param prefix what goes before a command line so that it runs as that user
 */
record Account(User user, String owner, List<String> prefix) {

    private static final String UNPRIVILEGED = "nobody";

    static Account current() {
        User user = User.current();
        if (!user.root()) {
            return new Account(user, "", List.of());
        }
        return Programs.onPath("setpriv")
                .map(setpriv -> List.of(setpriv, "--reuid=" + UNPRIVILEGED, "--regid=65534", "--clear-groups"))
                .or(() -> Programs.onPath("su")
                        .map(su -> List.of(su, "-s", "/bin/sh", UNPRIVILEGED, "-c", "exec \"$0\" \"$@\"")))
                .map(prefix -> new Account(user, UNPRIVILEGED, prefix))
                .orElseGet(() -> new Account(user, UNPRIVILEGED, List.of()));
    }

    /** Whether this JVM is root. */
    boolean root() {
        return user.root();
    }

    /** Why Postgres cannot run here; empty if it can. */
    Optional<String> refusal() {
        if (root() && prefix.isEmpty()) {
            return Optional.of("Postgres cannot run as root and neither setpriv nor su is installed to change that;"
                    + " install util-linux or run the tests as another user");
        }
        if (!root() && user.name().isEmpty()) {
            return Optional.of("this JVM runs as the user with the number " + user.number()
                    + ", who has no entry in the passwd database, which Postgres' initdb needs;"
                    + " add an entry or run the tests as another user");
        }
        return Optional.empty();
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
}
