package dev.isolated.clickhouse;

/** The logger of this package, made when there is something to log. */
final class Log {

    static final System.Logger LOGGER = System.getLogger("dev.isolated.clickhouse");

    private Log() {}
}
