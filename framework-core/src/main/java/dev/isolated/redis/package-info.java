/**
 * Redis as a service: each test gets a database number that the server itself enforces, or a server for itself. Start with
 * {@link dev.isolated.redis.Redis} and {@code DatabaseSlice}.
 */
@NullMarked
package dev.isolated.redis;

import org.jspecify.annotations.NullMarked;
