package dev.isolated.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Whom this JVM runs as. The number is who it is; a name is not, and in a container there is often none. Immutable.
 *
 * @param name empty if the system knows none
 */
record User(long number, String name) {

    private static final Path SELF = Path.of("/proc/self");

    static User current() {
        try {
            if (Files.exists(SELF)) {
                return owner(SELF);
            }
            Path made = Files.createTempFile("isolated", ".user");
            try {
                return owner(made);
            } finally {
                Files.delete(made);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean root() {
        return number == 0;
    }

    /** The number of the user to whom a file belongs; of a link itself, not of where it leads. */
    static long ownerOf(Path path) throws IOException {
        return ((Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue();
    }

    private static User owner(Path path) throws IOException {
        long number = ((Integer) Files.getAttribute(path, "unix:uid")).longValue();
        String name = Files.getOwner(path).getName();
        return new User(number, name.equals(Long.toString(number)) ? "" : name);
    }
}
