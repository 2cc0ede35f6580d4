package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.UserCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file, for the user's eyes only, from which psql takes the password of a database that is kept. Immutable. */
record PassFile(Path directory, String database) {

    static PassFile of(String database) {
        return new PassFile(UserCache.path().resolve("kept"), database);
    }

    Path path() {
        return directory.resolve(database + ".pgpass");
    }

    void write(Login login) throws IOException {
        UserCache.createPrivate(directory);
        Path path = path();
        Files.deleteIfExists(path);
        UserCache.createPrivateFile(path);
        Files.writeString(
                path,
                String.join(
                                ":",
                                escaped(login.server().host()),
                                Integer.toString(login.server().port()),
                                login.database(),
                                login.user(),
                                escaped(login.password().reveal()))
                        + "\n");
    }

    void delete() throws IOException {
        Files.deleteIfExists(path());
    }

    IsolationException failed(String verb, IOException cause) {
        return new IsolationException(
                Explanation.couldNot(verb + " the file that opens a kept database, " + path())
                        .expected("a directory of the user's own, that can be written to")
                        .found(String.valueOf(cause.getMessage()))
                        .next("make it so, or unset " + PostgresKeys.KEEP_ON_FAILURE),
                cause);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace(":", "\\:");
    }
}
