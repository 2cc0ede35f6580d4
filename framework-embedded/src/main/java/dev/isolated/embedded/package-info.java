/**
 * Real servers from binaries, without Docker. Start with {@link dev.isolated.embedded.EmbeddedPostgresSource} and
 * {@code Hosts}.
 */
@NullMarked
package dev.isolated.embedded;

import org.jspecify.annotations.NullMarked;
