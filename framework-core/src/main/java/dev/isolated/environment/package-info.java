/**
 * All leases of one test, opened and closed together. Start with {@link dev.isolated.environment.Environments} and
 * {@link dev.isolated.environment.IsolatedEnvironment}.
 */
@NullMarked
package dev.isolated.environment;

import org.jspecify.annotations.NullMarked;
