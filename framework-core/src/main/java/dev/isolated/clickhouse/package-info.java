/**
 * ClickHouse as a service: each test gets a database of its own and a user who can reach no other. Start with
 * {@link dev.isolated.clickhouse.ClickHouse} and {@code ClickHouseSlice}.
 */
@NullMarked
package dev.isolated.clickhouse;

import org.jspecify.annotations.NullMarked;
