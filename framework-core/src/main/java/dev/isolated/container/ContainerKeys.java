package dev.isolated.container;

import dev.isolated.settings.Key;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Blueprint;
import dev.isolated.spi.Service;
import java.time.Duration;
import java.util.List;

/** The settings of the container source. */
final class ContainerKeys {

    static final String YES = "yes";
    static final String ALWAYS = "always";
    static final String NEVER = "never";

    static final Key<Duration> START_TIMEOUT = Key.duration(
            "isolated.container.start-timeout",
            Duration.ofMinutes(1),
            "How long a server may take to become ready once its container is there.");

    static final Key<String> REGISTRY = Key.text(
            "isolated.container.registry",
            "",
            "The registry, with or without a path, that images are taken from whose name has none; empty for Docker's own.");

    private ContainerKeys() {}

    static List<Key<?>> general() {
        return List.of(START_TIMEOUT, REGISTRY);
    }

    static List<Key<?>> of(Service<?> service) {
        return service.blueprint().isEmpty() ? List.of() : List.of(image(service), reuse(service), pull(service));
    }

    static Key<String> image(Service<?> service) {
        return Key.text(
                prefix(service) + "image",
                service.blueprint().map(Blueprint::image).orElse(""),
                "The image of " + service.name() + " servers in containers, by name and tag or name@sha256 digest.");
    }

    static Key<String> reuse(Service<?> service) {
        return Key.choice(
                prefix(service) + "reuse",
                List.of("no", YES),
                "Whether runs of one user share a container, which stops when nobody has used it for some minutes.");
    }

    static Key<String> pull(Service<?> service) {
        return Key.choice(
                prefix(service) + "pull",
                List.of("missing", ALWAYS, NEVER),
                "When the image is fetched: if the engine does not have it, before every start, or never.");
    }

    private static String prefix(Service<?> service) {
        return Keys.PREFIX + service.name() + ".container.";
    }
}
