package dev.isolated.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/** The images of an engine. Thread-safe. */
final class Images {

    private final DockerClient client;

    Images(DockerClient client) {
        this.client = client;
    }

    /** The full name of an image, from the registry if it names none of its own, and as Testcontainers would replace it. */
    static String resolve(String name, String registry) throws IOException {
        return Engine.asked(() -> {
            var parsed = DockerImageName.parse(name);
            parsed.assertValid();
            String mirror = registry.replaceAll("/+$", "");
            var own = parsed.getRegistry().isEmpty() && !mirror.isEmpty()
                    ? DockerImageName.parse(mirror + "/" + parsed.asCanonicalNameString())
                    : parsed;
            return ImageNameSubstitutor.instance().apply(own).asCanonicalNameString();
        });
    }

    /** An image if the engine has it. */
    Optional<Image> find(String name) throws IOException {
        return Engine.asked(() -> {
            try {
                InspectImageResponse found = client.inspectImageCmd(name).exec();
                return Optional.of(new Image(name, String.valueOf(found.getId()), command(found.getConfig())));
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        });
    }

    /** Has the engine fetch an image. */
    void pull(String name, Duration limit) throws IOException {
        var image = DockerImageName.parse(name);
        try (ResultCallback.Adapter<PullResponseItem> pulling = client.pullImageCmd(image.getUnversionedPart())
                .withTag(image.getVersionPart())
                .start()) {
            if (!pulling.awaitCompletion(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("it was not there after " + limit.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was being fetched", e);
        } catch (RuntimeException e) {
            throw new IOException(Engine.words(e), e);
        }
    }

    private static List<String> command(ContainerConfig config) {
        var command = new ArrayList<String>();
        for (String[] part : new String[][] {config.getEntrypoint(), config.getCmd()}) {
            if (part != null) {
                command.addAll(List.of(part));
            }
        }
        return List.copyOf(command);
    }
}
