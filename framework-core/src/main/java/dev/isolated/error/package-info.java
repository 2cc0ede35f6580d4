/**
 * The one exception family. Start with {@link dev.isolated.error.IsolationException} and
 * {@link dev.isolated.error.Explanation}, the grammar of its messages.
 */
@NullMarked
package dev.isolated.error;

import org.jspecify.annotations.NullMarked;
