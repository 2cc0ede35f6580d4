package dev.isolated.spi;

import java.util.List;

/**
 * What a test asks for: a service by its handle's type, an isolation mode, and the state to start from.
 *
 * @param mode empty for the one that the settings say
 * @param bases classes that are a {@link Base} of the service, prepared in this order; empty for the service's own
 */
public record Request(Class<?> handle, String mode, List<Class<?>> bases) {

    public Request {
        bases = List.copyOf(bases);
    }

    /** Names it in messages. */
    public String describe() {
        return handle.getName()
                + (mode.isEmpty() ? "" : " in mode " + mode)
                + (bases.isEmpty()
                        ? ""
                        : " from " + bases.stream().map(Class::getName).toList());
    }

    /** Asks for a service as the settings say. */
    public static Request of(Class<?> handle) {
        return new Request(handle, "", List.of());
    }

    /** Asks for a service in a mode of its. */
    public static Request of(Class<?> handle, String mode) {
        return new Request(handle, mode, List.of());
    }
}
