/**
 * Postgres for tests. Start with {@link dev.isolated.postgres.Postgres}, what a test receives, and {@code Sandbox}, the
 * one transaction beneath all connections of a test.
 */
@NullMarked
package dev.isolated.postgres;

import org.jspecify.annotations.NullMarked;
