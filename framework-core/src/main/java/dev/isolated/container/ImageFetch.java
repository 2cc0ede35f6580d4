package dev.isolated.container;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Service;
import java.io.IOException;

/** Has the engine get the image of a service, as the settings say. Immutable. */
record ImageFetch(Service<?> service, Settings settings, Images images) {

    Image fetch() {
        String wanted = settings.get(ContainerKeys.image(service));
        try {
            return fetch(Images.resolve(wanted, settings.get(ContainerKeys.REGISTRY)));
        } catch (IOException e) {
            throw failed(wanted, e);
        }
    }

    private Image fetch(String name) {
        String pull = settings.get(ContainerKeys.pull(service));
        try {
            if (pull.equals(ContainerKeys.ALWAYS)) {
                pull(name);
            }
            var known = images.find(name);
            if (known.isPresent()) {
                return known.get();
            }
            if (pull.equals(ContainerKeys.NEVER)) {
                throw new IOException(
                        "the engine does not have it, and " + ContainerKeys.pull(service) + " is \"" + pull + "\"");
            }
            pull(name);
            return images.find(name).orElseThrow(() -> new IOException("it was fetched, and is not there"));
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    private void pull(String name) throws IOException {
        Log.LOGGER.log(System.Logger.Level.INFO, "fetching the image {0}", name);
        images.pull(name, settings.get(Keys.START_TIMEOUT));
    }

    private IsolationException failed(String name, IOException reason) {
        return new IsolationException(
                Explanation.couldNot("get the image " + name + " for " + service.name())
                        .expected("the engine to have it, or to fetch it from its registry")
                        .found(String.valueOf(reason.getMessage()))
                        .next("check the name in " + ContainerKeys.image(service)
                                + " and that the registry can be reached, name another registry with "
                                + ContainerKeys.REGISTRY + ", or load the image into the engine by hand"),
                reason);
    }
}
