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
import java.util.Map;
import java.util.Optional;

/** Starts real servers from binaries, without Docker; {@link java.util.ServiceLoader} makes it. Thread-safe. */
public final class EmbeddedSource implements ServerSource {

    static final String NAME = "embedded";

    private static final int AFTER_EXTERNAL = 200;

    /** What can be run here, by the name of its service. */
    private static final Map<String, Engine> ENGINES =
            Map.of("postgres", new PostgresEngine(), "redis", new RedisEngine(), "clickhouse", new ClickHouseEngine());

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
        Engine engine = ENGINES.get(service.name());
        return engine == null ? Optional.of("it has no " + service.name()) : engine.refusal(settings);
    }

    @Override
    public Optional<Server> running(Service<?> service, Settings settings) {
        return attempt(
                service,
                settings,
                (hosts, engine, account, places) ->
                        hosts.running(service, () -> engine.recipe(settings, account, places)));
    }

    @Override
    public Server start(Service<?> service, Settings settings) {
        return attempt(
                service,
                settings,
                (hosts, engine, account, places) ->
                        hosts.server(service, () -> engine.recipe(settings, account, places)));
    }

    @Override
    public Server startOwn(Service<?> service, Settings settings, List<String> options) {
        Optional<Server> own = attempt(service, settings, (hosts, engine, account, places) -> {
            Optional<Recipe> recipe = engine.ownRecipe(settings, account, places, options);
            return recipe.isPresent() ? Optional.of(hosts.own(service, recipe.get())) : Optional.empty();
        });
        return own.orElseGet(() -> ServerSource.super.startOwn(service, settings, options));
    }

    /** What is done with the hosts of one service. */
    private interface Task<T> {
        T run(Hosts hosts, Engine engine, Account account, Places places) throws IOException;
    }

    private static <T> T attempt(Service<?> service, Settings settings, Task<T> task) {
        try {
            Account account = Account.current();
            var places = new Places(settings, account);
            Engine engine = Optional.ofNullable(ENGINES.get(service.name())).orElseThrow();
            var hosts = new Hosts(settings, account, places);
            return trusting(engine, places, () -> task.run(hosts, engine, account, places));
        } catch (UncheckedIOException e) {
            throw failed(service, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw failed(service, e);
        }
    }

    /** Where a server or the program that prepares one has failed by itself, what is cached may be damaged. */
    private static <T> T trusting(Engine engine, Places places, Attempt<T> attempt) throws IOException {
        try {
            return attempt.run();
        } catch (EndedEarlyException | Programs.FailedException e) {
            try {
                engine.distrust(places);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private interface Attempt<T> {
        T run() throws IOException;
    }

    private static IsolationException failed(Service<?> service, IOException failure) {
        return new IsolationException(
                Explanation.couldNot("start an embedded " + service.name())
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
