package dev.isolated.clickhouse;

import dev.isolated.settings.Key;
import java.util.List;

/** The settings of the ClickHouse service. */
final class ClickHouseKeys {

    static final Key<List<String>> SCRIPTS = Key.list(
            "isolated.clickhouse.scripts",
            "SQL scripts on the class path that make what every test starts with; run in this order, in each database, ahead"
                    + " of the test; ${prefix} in them is what the names of tables begin with, nothing in DATABASE isolation.");

    static final Key<List<String>> BASES = Key.list(
            "isolated.clickhouse.bases",
            "Classes that prepare what every test starts from, after scripts, in this order; in each database, ahead of the"
                    + " test.");

    static final Key<String> DATABASE = Key.text(
            "isolated.clickhouse.database",
            "default",
            "The existing database in which all tests have their tables (PREFIX isolation).");

    private ClickHouseKeys() {}
}
