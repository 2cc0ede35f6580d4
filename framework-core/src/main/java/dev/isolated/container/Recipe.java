package dev.isolated.container;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Blueprint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a container is made from. Immutable.
 *
 * @param lifetime {@link #WITH_INPUT}, or the seconds without a connection after which it ends
 * @param options what the server's command line has beyond the blueprint
 */
record Recipe(
        String service, Image image, Blueprint blueprint, Secret password, String lifetime, List<String> options) {

    /** The lifetime of a container that ends when nobody holds its standard input any more. */
    static final String WITH_INPUT = "input";

    /** On every container that this library makes; the value is the service. */
    static final String LABEL = "dev.isolated.service";

    /** In a container that is about to stop, for want of connections. */
    static final String STOPPING = "/tmp/isolated-stopping";

    private static final String GUARD = "guard.sh";

    Recipe(String service, Image image, Blueprint blueprint, Secret password, String lifetime) {
        this(service, image, blueprint, password, lifetime, List.of());
    }

    /** The same with more on its command line. */
    Recipe with(List<String> more) {
        return new Recipe(service, image, blueprint, password, lifetime, more);
    }

    boolean endsWithInput() {
        return lifetime.equals(WITH_INPUT);
    }

    List<String> entrypoint() throws IOException {
        return List.of("/bin/sh", "-c", script(), GUARD, lifetime, Integer.toString(blueprint.port()), STOPPING);
    }

    /** The image's own command and what is added to it. */
    List<String> command() {
        var command = new ArrayList<>(image.command());
        command.addAll(blueprint.arguments());
        command.addAll(options);
        return command;
    }

    List<String> environment() {
        var environment = new ArrayList<>(blueprint.environment());
        if (!blueprint.passwordVariable().isEmpty()) {
            environment.add(blueprint.passwordVariable() + "=" + password.reveal());
        }
        return environment;
    }

    /** The file systems in memory, by directory. */
    Map<String, String> scratch() {
        return blueprint.scratch().isEmpty() ? Map.of() : Map.of(blueprint.scratch(), "rw");
    }

    /** The same for recipes that differ in nothing but the password. */
    String fingerprint(String engine) throws IOException {
        String text = Stream.of(
                        List.of(engine, service, image.id()),
                        entrypoint(),
                        command(),
                        blueprint.environment(),
                        scratch().keySet())
                .flatMap(part -> part.stream())
                .collect(Collectors.joining("\0"));
        return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
    }

    private static String script() throws IOException {
        try (InputStream in = Recipe.class.getResourceAsStream(GUARD)) {
            if (in == null) {
                throw new IOException("the resource " + GUARD + " is missing from the jar of framework-core");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
