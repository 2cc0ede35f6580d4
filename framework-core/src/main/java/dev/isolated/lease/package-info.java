/**
 * Leases of slices and the pool that grants them: waiting, warming, fairness, leak watch and meters, the same for every
 * service. Start with {@link dev.isolated.lease.Pool} and {@link dev.isolated.lease.Lease}.
 */
@NullMarked
package dev.isolated.lease;

import org.jspecify.annotations.NullMarked;
