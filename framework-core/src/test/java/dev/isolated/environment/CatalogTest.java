package dev.isolated.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.error.SettingsException;
import dev.isolated.postgres.Postgres;
import dev.isolated.settings.Key;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the class path, which here is a directory in front of the tests' own. */
class CatalogTest {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private URLClassLoader loader;

    @TempDir
    Path directory;

    @BeforeEach
    void putTheDirectoryOnTheClassPath() throws IOException {
        loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(loader);
    }

    @AfterEach
    void takeItAway() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        loader.close();
    }

    @Test
    void findsServicesAndSourcesInTheOrderOfTheirRanks() throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(ServerSource.class.getName()), Late.class.getName() + "\n" + Early.class.getName());
        var catalog = Catalog.found();

        assertThat(catalog.sources())
                .extracting(ServerSource::name)
                .containsExactly("early", "late", "external", "container");
        assertThat(catalog.service(Postgres.class))
                .hasValueSatisfying(it -> assertThat(it.name()).isEqualTo("postgres"));
        assertThat(catalog.service(String.class)).isEmpty();
        assertThat(catalog.keys())
                .extracting(Key::name)
                .containsAll(Keys.all().stream().map(Key::name).toList())
                .contains("isolated.postgres.source", "isolated.postgres.scripts", "isolated.early.key");
    }

    @Test
    void theFileIsTheWeakestLayerThatAUserWrites() throws IOException {
        Files.writeString(
                directory.resolve("isolated.properties"),
                "isolated.lease.warm=1\nisolated.environments.max=1\nisolated.lease.timeout=1s\n");
        Settings settings = Catalog.found()
                .settings(
                        Map.of("isolated.lease.warm", "3"),
                        Map.of("isolated.lease.warm", "2", "isolated.environments.max", "2", "junit.other", "x"));

        assertThat(settings.get(Keys.LEASE_WARM)).isEqualTo(3);
        assertThat(settings.get(Keys.ENVIRONMENTS_MAX)).isEqualTo(2);
        assertThat(settings)
                .hasToString("Settings[isolated.environments.max=2 (JUnit configuration parameter),"
                        + " isolated.lease.timeout=PT1S (isolated.properties), isolated.lease.warm=3 (extension)]");
    }

    @Test
    void aFileThatCannotBeReadIsAnErrorThatNamesIt() throws IOException {
        Files.writeString(directory.resolve("isolated.properties"), "isolated.lease.warm=\\u12");
        assertThatThrownBy(() -> Catalog.found().settings(Map.of(), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("read isolated.properties from the class path")
                .hasMessageContaining("What to do: correct the file");
    }

    @Test
    void anUnknownKeyInTheFileIsAnErrorThatNamesTheFile() throws IOException {
        Files.writeString(directory.resolve("isolated.properties"), "isolated.postgres.script=x");
        assertThatThrownBy(() -> Catalog.found().settings(Map.of(), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("use the setting isolated.postgres.script from the isolated.properties")
                .hasMessageContaining("isolated.postgres.scripts");
    }

    public static final class Early extends Source {
        public Early() {
            super("early", 1);
        }
    }

    public static final class Late extends Source {
        public Late() {
            super("late", 2);
        }
    }

    abstract static class Source implements ServerSource {

        private final String name;
        private final int rank;

        Source(String name, int rank) {
            this.name = name;
            this.rank = rank;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public List<Key<?>> keys() {
            return List.of(Key.text("isolated." + name + ".key", "", "A key."));
        }

        @Override
        public Optional<String> refusal(Service<?> service, Settings settings) {
            return Optional.of("it has nothing");
        }

        @Override
        public Server start(Service<?> service, Settings settings) {
            throw new IllegalStateException("it has nothing");
        }
    }
}
