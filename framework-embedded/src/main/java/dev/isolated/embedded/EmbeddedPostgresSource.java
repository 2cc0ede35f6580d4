package dev.isolated.embedded;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;

/** Starts a real Postgres from binaries on the class path; {@link java.util.ServiceLoader} makes it. Thread-safe. */
public final class EmbeddedPostgresSource implements ServerSource {

    static final String NAME = "embedded";

    private static final int AFTER_EXTERNAL = 200;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int rank() {
        return AFTER_EXTERNAL;
    }

    @Override
    public List<Key<?>> keys() {
        return EmbeddedKeys.all();
    }

    @Override
    public Optional<String> refusal(Service<?> service, Settings settings) {
        if (!service.name().equals("postgres")) {
            return Optional.of("it has no " + service.name());
        }
        return missing(Platform.current()).or(() -> Account.current().refusal());
    }

    /** What is to be added for a platform; empty if it is there. */
    static Optional<String> missing(Platform platform) {
        return Binaries.found(platform).isPresent()
                ? Optional.empty()
                : Optional.of("there is no " + platform.resource() + " on the class path; add " + platform.coordinates()
                        + " with scope runtime");
    }

    @Override
    public Optional<Server> running(Service<?> service, Settings settings) {
        return attempt(service, settings, Hosts::running);
    }

    @Override
    public Server start(Service<?> service, Settings settings) {
        return attempt(service, settings, Hosts::server);
    }

    /** What is done with the hosts of one service. */
    private interface Task<T> {
        T run(Hosts hosts, Service<?> service, Recipe.Maker recipe) throws IOException;
    }

    private static <T> T attempt(Service<?> service, Settings settings, Task<T> task) {
        try {
            Account account = Account.current();
            var places = new Places(settings, account);
            Binaries binaries = Binaries.found(Platform.current()).orElseThrow();
            var hosts = new Hosts(settings, account, places);
            return trusting(
                    binaries,
                    places,
                    () -> task.run(hosts, service, () -> PostgresRecipe.of(binaries, settings, account, places)));
        } catch (UncheckedIOException e) {
            throw failed(new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Where a server or the program that prepares one has failed by itself, what is cached may be damaged. */
    private static <T> T trusting(Binaries binaries, Places places, Attempt<T> attempt) throws IOException {
        try {
            return attempt.run();
        } catch (EndedEarlyException | Programs.FailedException e) {
            try {
                binaries.distrust(places.cache());
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private interface Attempt<T> {
        T run() throws IOException;
    }

    private static IsolationException failed(IOException failure) {
        return new IsolationException(
                Explanation.couldNot("start an embedded Postgres")
                        .found(reason(failure))
                        .next("check the room and the rights in the directories that this names, see "
                                + EmbeddedKeys.CACHE + " and " + EmbeddedKeys.DIRECTORY
                                + ", and try again: what was damaged in the cache is made anew"),
                failure);
    }

    /** The message of a failure with a file is often no more than its name. */
    private static String reason(IOException failure) {
        return failure instanceof FileSystemException ? failure.toString() : String.valueOf(failure.getMessage());
    }
}
