package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Settings;
import java.util.List;
import java.util.Optional;

/** Which migrations make the schema that tests start from: those that are named, or those that are where they usually are. */
final class Migrations {

    private static final String CHANGE_LOG = "db/changelog/db.changelog-master.";
    private static final List<String> FORMATS = List.of("yaml", "yml", "xml", "json", "sql");

    private Migrations() {}

    /** Their layer, if there are any; a tool that is not on the class path is not touched. */
    static Optional<Layer> of(Settings settings) {
        String tool = settings.get(PostgresKeys.MIGRATIONS);
        boolean automatic = tool.equals(PostgresKeys.AUTO);
        boolean flyway = automatic ? flywayIsUsual(settings) : tool.equals(PostgresKeys.FLYWAY);
        boolean liquibase = automatic ? liquibaseIsUsual() : tool.equals(PostgresKeys.LIQUIBASE);
        if (flyway && liquibase) {
            throw new SettingsException(Explanation.couldNot("choose what makes the schema that tests start from")
                    .expected("migrations of one tool in its usual place")
                    .found("Flyway's as well as Liquibase's")
                    .next("set " + PostgresKeys.MIGRATIONS + " to " + PostgresKeys.FLYWAY + ", "
                            + PostgresKeys.LIQUIBASE + " or none"));
        }
        if (flyway) {
            require(flywayIsThere(), PostgresKeys.FLYWAY, "org.flywaydb:flyway-database-postgresql");
            return Optional.of(FlywayLayer.of(settings));
        }
        if (liquibase) {
            require(liquibaseIsThere(), PostgresKeys.LIQUIBASE, "org.liquibase:liquibase-core");
            return Optional.of(LiquibaseLayer.of(settings));
        }
        return Optional.empty();
    }

    /** The change log in its usual place. */
    static Optional<String> liquibaseChangeLog() {
        return FORMATS.stream().map(CHANGE_LOG::concat).filter(Resources::exist).findFirst();
    }

    private static boolean flywayIsUsual(Settings settings) {
        return flywayIsThere()
                && settings.get(PostgresKeys.FLYWAY_LOCATIONS).stream()
                        .map(location -> location.replaceFirst("^classpath:", ""))
                        .anyMatch(Resources::exist);
    }

    private static boolean liquibaseIsUsual() {
        return liquibaseIsThere() && liquibaseChangeLog().isPresent();
    }

    private static boolean flywayIsThere() {
        return Resources.exist("org/flywaydb/core/Flyway.class");
    }

    private static boolean liquibaseIsThere() {
        return Resources.exist("liquibase/Liquibase.class");
    }

    private static void require(boolean there, String tool, String artifact) {
        if (!there) {
            throw new SettingsException(Explanation.couldNot("make the schema that tests start from with " + tool)
                    .expected(artifact + " on the test class path, because " + PostgresKeys.MIGRATIONS + " is " + tool)
                    .found("that it is not there")
                    .next("add it, or change the setting"));
        }
    }
}
