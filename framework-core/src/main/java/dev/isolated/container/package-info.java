/**
 * Servers in containers, for every service that has a blueprint. Start with {@link dev.isolated.container.ContainerSource} and
 * {@code Container}, one running container and this JVM's hold on it. {@code Engine} and {@code EngineSearch} alone know Testcontainers.
 */
@NullMarked
package dev.isolated.container;

import org.jspecify.annotations.NullMarked;
