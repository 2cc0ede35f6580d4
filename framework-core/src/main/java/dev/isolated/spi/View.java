package dev.isolated.spi;

import java.util.function.Function;

/**
 * A common type in whose shape a handle can be handed to a test, such as a {@code DataSource}. What can be closed is closed
 * with the environment.
 *
 * @param <H> the handle
 * @param <T> the common type
 */
public record View<H, T>(Class<T> type, Function<H, T> from) {}
