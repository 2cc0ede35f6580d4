package dev.isolated.spi;

/**
 * What a test asks for: a service by its handle's type, and an isolation mode.
 *
 * @param mode empty for the service's default mode
 */
public record Request(Class<?> handle, String mode) {

    /** Asks for a service in its default mode. */
    public static Request of(Class<?> handle) {
        return new Request(handle, "");
    }
}
