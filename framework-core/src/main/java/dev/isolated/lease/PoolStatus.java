package dev.isolated.lease;

/**
 * One consistent picture of a pool.
 *
 * @param size slices that exist or are being created
 * @param ready slices that wait for a test
 * @param leased slices that a test holds
 * @param waiting tests that wait for a slice
 * @param most slices that may exist
 */
public record PoolStatus(int size, int ready, int leased, int waiting, int most) {}
