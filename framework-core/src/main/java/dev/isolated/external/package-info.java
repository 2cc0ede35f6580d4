/** Servers that somebody else looks after. Start with {@link dev.isolated.external.ExternalSource}. */
@NullMarked
package dev.isolated.external;

import org.jspecify.annotations.NullMarked;
