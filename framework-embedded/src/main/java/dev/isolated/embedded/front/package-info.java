/**
 * The process in which a ClickHouse engine runs as a library, behind ClickHouse's own HTTP protocol. Nothing else of this
 * project is on its class path. Start with {@link dev.isolated.embedded.front.Front} and {@code Conversation}.
 */
@NullMarked
package dev.isolated.embedded.front;

import org.jspecify.annotations.NullMarked;
