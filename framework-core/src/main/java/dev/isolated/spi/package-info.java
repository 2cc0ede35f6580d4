/**
 * What a kind of service and a source of servers implement. Start with {@link dev.isolated.spi.Service} and
 * {@link dev.isolated.spi.Slice}.
 */
@NullMarked
package dev.isolated.spi;

import org.jspecify.annotations.NullMarked;
