/**
 * Servers in containers, for every service that has a blueprint. Start with {@link dev.isolated.container.ContainerSource} and
 * {@code RunningContainer}, one container and this JVM's hold on it. Testcontainers, which need not be there, is known behind
 * {@code EngineSearch} and {@code Engine} only.
 */
@NullMarked
package dev.isolated.container;

import org.jspecify.annotations.NullMarked;
