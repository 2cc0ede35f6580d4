/**
 * Benchmarks against peers. Start with {@link dev.isolated.benchmarks.Main} and {@link dev.isolated.benchmarks.Duel}.
 */
@NullMarked
package dev.isolated.benchmarks;

import org.jspecify.annotations.NullMarked;
