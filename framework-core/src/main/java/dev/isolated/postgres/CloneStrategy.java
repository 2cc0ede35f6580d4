package dev.isolated.postgres;

/** How a server copies a database. */
enum CloneStrategy {
    /** As is quickest for the small templates of most suites. */
    AUTO,
    /** Block by block, through the write-ahead log. */
    WAL_LOG,
    /** Its files as they are, between two checkpoints. */
    FILE_COPY;

    private static final int STRATEGIES = 15;
    private static final int COPY_METHODS = 18;

    /** What follows the template's name; before version 15 a server has only one way. */
    String clause(int major) {
        if (major < STRATEGIES) {
            return "";
        }
        return " STRATEGY = " + (this == FILE_COPY ? "FILE_COPY" : "WAL_LOG");
    }

    /** A session's setting by which the file system, where it can, shares the blocks of copied files; empty where there is none. */
    String sessionSetting(int major) {
        return this == FILE_COPY && major >= COPY_METHODS
                ? "SELECT set_config('file_copy_method', 'clone', false)"
                : "";
    }
}
