package dev.isolated.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.AttachContainerCmd;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Docker engine that answers. Thread-safe. */
final class Engine {

    /** It would look like somebody who uses the server. */
    private static final HealthCheck NO_HEALTH_CHECK = new HealthCheck().withTest(List.of("NONE"));

    private static final int STOP_SECONDS = 5;
    private static final Pattern MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    /** What a container writes is read as it comes; the engine's own copy of it is only for curious people. */
    private static final Map<String, String> LOG = Map.of("max-size", "1m", "max-file", "1");

    private final DockerClient client;
    private final String identity;
    private final EngineAddress address;

    private Engine(DockerClient client, String identity, EngineAddress address) {
        this.client = client;
        this.identity = identity;
        this.address = address;
    }

    /** The engine behind a client, once it has answered. */
    static Engine answering(DockerClient client, URI host, String override) throws IOException {
        String identity = asked(() -> String.valueOf(client.infoCmd().exec().getId()));
        return new Engine(client, identity, EngineAddress.of(host, override));
    }

    /** The engine's own name for itself. */
    String identity() {
        return identity;
    }

    EngineAddress address() {
        return address;
    }

    Images images() {
        return new Images(client);
    }

    /** A new container, which does not run yet; its id. */
    String create(Recipe recipe) throws IOException {
        var port = ExposedPort.tcp(recipe.blueprint().port());
        var host = HostConfig.newHostConfig()
                .withAutoRemove(true)
                .withTmpFs(recipe.scratch())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, LOG))
                .withPortBindings(new PortBinding(Ports.Binding.bindIp(address.binding()), port));
        List<String> entrypoint = recipe.entrypoint();
        return asked(() -> {
            try (CreateContainerCmd command =
                    client.createContainerCmd(recipe.image().id())) {
                return command.withEntrypoint(entrypoint)
                        .withCmd(recipe.command())
                        .withEnv(recipe.environment())
                        .withLabels(Map.of(Recipe.LABEL, recipe.service()))
                        .withExposedPorts(port)
                        .withHostConfig(host)
                        .withHealthcheck(NO_HEALTH_CHECK)
                        .withStdinOpen(recipe.endsWithInput())
                        .withStdInOnce(recipe.endsWithInput())
                        .exec()
                        .getId();
            }
        });
    }

    /** Takes what a container writes, and holds its standard input open if so wished, until closed or this JVM is gone. */
    Attachment attach(String id, Output output, boolean input) throws IOException {
        var attachment = new Attachment(output);
        asked(() -> {
            AttachContainerCmd command = client.attachContainerCmd(id)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(true)
                    .withLogs(true);
            return (input ? command.withStdIn(attachment.input()) : command).exec(attachment);
        });
        return attachment.awaitStart();
    }

    /** Takes what a container has written and writes. */
    Attachment follow(String id, Output output) throws IOException {
        var attachment = new Attachment(output);
        asked(() -> client.logContainerCmd(id)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(attachment));
        return attachment.awaitStart();
    }

    void start(String id) throws IOException {
        asked(() -> client.startContainerCmd(id).exec());
    }

    /** The port of the engine's machine that leads to a container's. */
    int port(String id, int inside) throws IOException {
        Ports ports = asked(
                () -> client.inspectContainerCmd(id).exec().getNetworkSettings().getPorts());
        Ports.Binding[] bound = ports.getBindings().get(ExposedPort.tcp(inside));
        if (bound == null || bound.length == 0) {
            throw new IOException("the port " + inside + " of the container leads nowhere");
        }
        return Integer.parseInt(bound[0].getHostPortSpec());
    }

    boolean running(String id) throws IOException {
        return asked(() -> {
            try {
                return Boolean.TRUE.equals(
                        client.inspectContainerCmd(id).exec().getState().getRunning());
            } catch (NotFoundException e) {
                return false;
            }
        });
    }

    /** Whether there is such a file in a container that runs. */
    boolean holds(String id, String file) throws IOException {
        return asked(() -> {
            try (InputStream found =
                    client.copyArchiveFromContainerCmd(id, file).exec()) {
                return found != null;
            } catch (NotFoundException e) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Stops a container in an orderly way, if it still runs, and removes it. */
    void remove(String id) throws IOException {
        asked(() -> {
            try {
                client.stopContainerCmd(id).withTimeout(STOP_SECONDS).exec();
            } catch (NotFoundException | NotModifiedException e) {
                Log.LOGGER.log(System.Logger.Level.DEBUG, "container {0} has ended already, or was never started", id);
            }
            try {
                client.removeContainerCmd(id)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException | ConflictException e) {
                Log.LOGGER.log(System.Logger.Level.DEBUG, "the engine has removed container {0}, or is about to", id);
            }
            return id;
        });
    }

    /** Removes containers of that age that were made and never started: their JVM has died between the two. */
    void sweep(Duration age) throws IOException {
        long before = Instant.now().minus(age).getEpochSecond();
        for (Container container : list()) {
            if ("created".equals(container.getState()) && container.getCreated() <= before) {
                remove(container.getId());
            }
        }
    }

    /** The ids of all containers that this library has made, whatever their state. */
    List<String> all() throws IOException {
        return list().stream().map(Container::getId).toList();
    }

    private List<Container> list() throws IOException {
        return asked(() -> client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(Recipe.LABEL))
                .exec());
    }

    /** What the engine answers; what it refuses, in its own words. */
    static <T extends @Nullable Object> T asked(Supplier<T> question) throws IOException {
        try {
            return question.get();
        } catch (RuntimeException e) {
            throw new IOException(words(e), e);
        }
    }

    static String words(RuntimeException failure) {
        String all = String.valueOf(failure.getMessage()).strip();
        Matcher message = MESSAGE.matcher(all);
        return message.find() ? message.group(1).replace("\\\"", "\"").replace("\\n", " ") : all;
    }
}
