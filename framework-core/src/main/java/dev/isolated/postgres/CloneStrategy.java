package dev.isolated.postgres;

import dev.isolated.spi.Tenure;

/** How a server copies a database. */
enum CloneStrategy {
    /** By its files where a checkpoint costs nothing, which is on servers that this library has started. */
    AUTO,
    /** Block by block, through the write-ahead log. */
    WAL_LOG,
    /** By its files, after a checkpoint of the whole server. */
    FILE_COPY;

    private static final int STRATEGIES = 15;
    private static final int COPY_METHODS = 18;

    /** What is to be done on a server. */
    CloneStrategy on(Tenure tenure) {
        if (this != AUTO) {
            return this;
        }
        return tenure.ours() ? FILE_COPY : WAL_LOG;
    }

    /** What follows the template's name; before version 15 a server has only one way. */
    String clause(int major) {
        return major < STRATEGIES || this == AUTO ? "" : " STRATEGY = " + name();
    }

    /** A session's setting by which the file system copies by itself, and shares blocks if it can; empty where there is none. */
    String sessionSetting(int major) {
        return this == FILE_COPY && major >= COPY_METHODS
                ? "SELECT set_config('file_copy_method', 'clone', false)"
                : "";
    }
}
