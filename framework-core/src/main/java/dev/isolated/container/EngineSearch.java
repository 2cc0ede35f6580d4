package dev.isolated.container;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;
import org.testcontainers.utility.TestcontainersConfiguration;

/**
 * Looks for Docker in the places that Testcontainers knows. It asks them itself: Testcontainers' own search takes ten seconds
 * where nobody answers, logs stack traces, never looks again, and starts a container for cleaning up.
 */
final class EngineSearch {

    private static final String HOST = "docker.host";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final List<String> tried = new ArrayList<>();

    /** An engine that answers. */
    Engine find() throws IOException {
        for (TransportConfig transport : transports()) {
            if (reachable(transport.getDockerHost())) {
                DockerClient client = DockerClientProviderStrategy.getClientForConfig(transport);
                return Engine.answering(client, transport.getDockerHost(), told("host.override"));
            }
        }
        throw new IOException(tried.isEmpty() ? "there is no sign of it" + hint(told(HOST)) : String.join("; ", tried));
    }

    private static String hint(String host) {
        return host.isEmpty() ? "" : " at " + host;
    }

    /** Where somebody has said where Docker is, it is looked for nowhere else. */
    private static Collection<TransportConfig> transports() {
        String host = told(HOST);
        var transports = new LinkedHashMap<URI, TransportConfig>();
        for (DockerClientProviderStrategy place : ServiceLoader.load(
                DockerClientProviderStrategy.class, DockerClientProviderStrategy.class.getClassLoader())) {
            TransportConfig transport = transport(place);
            if (transport != null
                    && (host.isEmpty() || host.equals(transport.getDockerHost().toString()))) {
                transports.putIfAbsent(transport.getDockerHost(), transport);
            }
        }
        return transports.values();
    }

    private static @Nullable TransportConfig transport(DockerClientProviderStrategy place) {
        try {
            return place.getTransportConfig();
        } catch (RuntimeException e) {
            // A place of another system, or one that nobody has configured.
            Log.LOGGER.log(System.Logger.Level.DEBUG, "Docker is not looked for by {0}: {1}", place, e.getMessage());
            return null;
        }
    }

    private boolean reachable(URI host) {
        try {
            reach(host);
            return true;
        } catch (IOException | RuntimeException e) {
            tried.add(host + ": " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
            return false;
        }
    }

    private static void reach(URI host) throws IOException {
        switch (String.valueOf(host.getScheme())) {
            case "unix" -> {
                try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(host.getPath()))) {
                    channel.shutdownOutput();
                }
            }
            case "tcp", "http", "https" -> {
                try (var socket = new Socket()) {
                    socket.connect(new InetSocketAddress(host.getHost(), host.getPort()), (int) PATIENCE.toMillis());
                }
            }
            case "npipe" -> {
                if (!Files.exists(Path.of(host.getPath()))) {
                    throw new IOException("there is no such pipe");
                }
            }
            default -> Log.LOGGER.log(System.Logger.Level.DEBUG, "{0} can only be tried by using it", host);
        }
    }

    /** What an environment variable or Testcontainers' properties say. */
    private static String told(String name) {
        String text = TestcontainersConfiguration.getInstance().getEnvVarOrUserProperty(name, "");
        return text == null ? "" : text;
    }
}
