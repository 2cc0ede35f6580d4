package dev.isolated.postgres;

import dev.isolated.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;

/** Flyway's migrations, those in Java among them. */
record FlywayLayer(List<String> locations) implements Layer {

    private static final String CLASS_PATH = "classpath:";
    private static final String FILE_SYSTEM = "filesystem:";

    static FlywayLayer of(Settings settings) {
        return new FlywayLayer(settings.get(PostgresKeys.FLYWAY_LOCATIONS));
    }

    @Override
    public String describe() {
        return "Flyway's migrations in " + String.join(", ", locations);
    }

    @Override
    public String fingerprint() {
        return "Flyway " + Flyway.class.getPackage().getImplementationVersion() + "\n"
                + locations.stream().map(FlywayLayer::fingerprint).collect(Collectors.joining("\n"));
    }

    private static String fingerprint(String location) {
        String files = location.startsWith(FILE_SYSTEM)
                ? Resources.fingerprint(Path.of(location.substring(FILE_SYSTEM.length())))
                : Resources.fingerprint(
                        location.startsWith(CLASS_PATH) ? location.substring(CLASS_PATH.length()) : location);
        return location + "\n" + files;
    }

    @Override
    public void apply(Building building) {
        Flyway.configure(Resources.loader())
                .dataSource(building.handle().dataSource())
                .locations(locations.toArray(String[]::new))
                .load()
                .migrate();
    }
}
