package dev.isolated.spi;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import java.util.List;

/** Starts servers that one slice has for itself, from where the pool's server comes. Thread-safe. */
@FunctionalInterface
public interface OwnServers {

    /** For slices that need none. */
    OwnServers NONE = options -> {
        throw new SettingsException(Explanation.couldNot("start a server for one test alone")
                .expected("a plan that says where such servers come from")
                .found("one that does not")
                .next("open environments with Environments, or give the plan one"));
    };

    /**
     * A server that nobody else knows, and that ends when it is closed.
     *
     * @param options words of its command line beside the usual
     */
    Server start(List<String> options);
}
