/**
 * The JUnit Jupiter extension. Start with {@link dev.isolated.junit.IsolatedEnvironmentExtension} and
 * {@link dev.isolated.junit.Isolated}.
 */
@NullMarked
package dev.isolated.junit;

import org.jspecify.annotations.NullMarked;
