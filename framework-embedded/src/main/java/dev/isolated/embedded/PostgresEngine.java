package dev.isolated.embedded;

import dev.isolated.settings.Settings;
import java.io.IOException;
import java.util.Optional;

/** Postgres, from binaries on the class path. Stateless. */
final class PostgresEngine implements Engine {

    @Override
    public Optional<String> refusal(Settings settings) {
        return missing(Platform.current()).or(() -> Account.current().refusal());
    }

    @Override
    public Recipe recipe(Settings settings, Account account, Places places) throws IOException {
        return PostgresRecipe.of(binaries(), settings, account, places);
    }

    @Override
    public void distrust(Places places) throws IOException {
        binaries().distrust(places.cache());
    }

    /** What is to be added for a platform; empty if it is there. */
    static Optional<String> missing(Platform platform) {
        return Binaries.found(platform).isPresent()
                ? Optional.empty()
                : Optional.of("there is no " + platform.resource() + " on the class path; add " + platform.coordinates()
                        + " with scope runtime");
    }

    private static Binaries binaries() {
        return Binaries.found(Platform.current()).orElseThrow();
    }
}
