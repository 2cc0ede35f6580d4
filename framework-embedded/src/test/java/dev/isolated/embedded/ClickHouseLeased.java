package dev.isolated.embedded;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.lease.Lease;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests each of which has a lease of an embedded ClickHouse, from a pool of its own. */
abstract class ClickHouseLeased extends ClickHouseServed {

    Bench<ClickHouse> bench;
    Lease<ClickHouse> lease;

    @BeforeEach
    void lease() {
        bench = Bench.open(
                new ClickHouseService(),
                server,
                ClickHouseService.DATABASE,
                ClickHouseServers.settings(leases(), Map.of()));
        lease = bench.pool().lease(getClass().getSimpleName());
    }

    @AfterEach
    void giveBack() {
        lease.close();
        bench.close();
    }

    /** How many of a test's queries with such a part run. */
    static int queries(ClickHouse handle, String part) throws SQLException {
        return Integer.parseInt(ClickHouseServers.askAsAdministrator(
                server,
                "SELECT count() FROM system.processes WHERE startsWith(Settings['query_cache_tag'], '" + handle.user()
                        + "/') AND query LIKE '%" + part + "%'"));
    }

    /** How many a test may have at once. */
    int leases() {
        return 1;
    }
}
