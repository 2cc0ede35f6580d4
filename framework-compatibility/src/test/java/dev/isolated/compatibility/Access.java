package dev.isolated.compatibility;

import dev.isolated.postgres.Postgres;

/** The ways in which a library can be led to a test's data by text. */
enum Access {
    JDBC_URL("org.postgresql.Driver") {
        @Override
        String url(Postgres postgres) {
            return postgres.jdbcUrl();
        }
    },
    ISOLATED_URL("dev.isolated.postgres.SandboxDriver") {
        @Override
        String url(Postgres postgres) {
            return postgres.isolatedUrl();
        }
    };

    private final String driver;

    Access(String driver) {
        this.driver = driver;
    }

    abstract String url(Postgres postgres);

    String driver() {
        return driver;
    }
}
