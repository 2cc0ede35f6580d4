package dev.isolated.spi;

import dev.isolated.settings.Settings;
import java.util.List;

/**
 * What the slices that a service is asked for shall be like.
 *
 * @param mode one of the service's isolation modes
 * @param bases classes that are a {@link Base} of the service, on which every slice starts
 * @param run names, on the server, the pool that asks and nobody else, so that what a dead run left can be told from what a live one holds
 * @param ownServers where a slice gets a server from that it has for itself
 */
public record Plan(String mode, List<Class<?>> bases, Settings settings, String run, OwnServers ownServers) {

    public Plan {
        bases = List.copyOf(bases);
    }

    /** For slices that share the server they are connected to. */
    public Plan(String mode, List<Class<?>> bases, Settings settings, String run) {
        this(mode, bases, settings, run, OwnServers.NONE);
    }
}
