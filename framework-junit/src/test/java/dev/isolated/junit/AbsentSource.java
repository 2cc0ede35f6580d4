package dev.isolated.junit;

import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import java.util.Optional;

/** A source that can never provide anything, asked after all others. */
public final class AbsentSource implements ServerSource {

    @Override
    public String name() {
        return "absent";
    }

    @Override
    public int rank() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Optional<String> refusal(Service<?> service, Settings settings) {
        return Optional.of("there is never a " + service.name() + " here");
    }

    @Override
    public Server start(Service<?> service, Settings settings) {
        throw new IllegalStateException("a source that refuses is not asked to start anything");
    }
}
