package dev.isolated.environment;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The services and sources that are on the class path, and the settings they make up. Immutable. */
public final class Catalog {

    private static final String FILE = "isolated.properties";
    /** System properties of this library's own tests, which a build of all its modules is given. */
    private static final Pattern NO_SETTING =
            Pattern.compile("isolated\\.(chaos|differential|redis\\.torture|stress)\\..*");

    private final List<Service<?>> services;
    private final List<ServerSource> sources;

    Catalog(List<Service<?>> services, List<ServerSource> sources) {
        this.services = services;
        this.sources = sources;
    }

    /** What {@link ServiceLoader} finds. */
    public static Catalog found() {
        var services = new ArrayList<Service<?>>();
        for (Service<?> service : ServiceLoader.load(Service.class)) {
            services.add(service);
        }
        services.sort(Comparator.comparing(Service::name));
        var sources = new ArrayList<ServerSource>();
        ServiceLoader.load(ServerSource.class).forEach(sources::add);
        sources.sort(Comparator.comparingInt(ServerSource::rank));
        return new Catalog(List.copyOf(services), List.copyOf(sources));
    }

    /**
     * The settings of a run, strongest first: what the extension was built with, JUnit's configuration parameters (which
     * must leave out what JUnit itself took from a system property), system properties, environment variables,
     * {@code isolated.properties}, the profile.
     */
    public Settings settings(Map<String, String> declared, Map<String, String> configurationParameters) {
        return Settings.builder()
                .declare(keys())
                .layer("extension", declared)
                .layer("JUnit configuration parameter", configurationParameters)
                .layer("system property", texts(System.getProperties()))
                .variables(System.getenv())
                .layer("environment variable", variables(System.getenv()))
                .layer(FILE, texts(file()))
                .build();
    }

    /** Every key that can be set. */
    public List<Key<?>> keys() {
        var keys = new ArrayList<>(Keys.all());
        for (Service<?> service : services) {
            keys.add(Keys.source(service.name()));
            keys.add(Keys.mode(service.name(), service.modes()));
            keys.addAll(service.keys());
            sources.forEach(source -> keys.addAll(source.keys(service)));
        }
        sources.forEach(source -> keys.addAll(source.keys()));
        return List.copyOf(keys);
    }

    private Map<String, String> variables(Map<String, String> environment) {
        var texts = new LinkedHashMap<String, String>();
        services.forEach(service -> sources.forEach(source -> texts.putAll(source.variables(service, environment))));
        return texts;
    }

    /** The service whose handle is of that type. */
    public Optional<Service<?>> service(Class<?> handle) {
        return services.stream().filter(service -> service.handle() == handle).findFirst();
    }

    /** All services, in the order of their names. */
    public List<Service<?>> services() {
        return services;
    }

    List<ServerSource> sources() {
        return sources;
    }

    Service<?> require(Class<?> handle) {
        return service(handle)
                .orElseThrow(() -> new SettingsException(
                        Explanation.couldNot("find the service whose handle is " + handle.getName())
                                .expected("one of " + handles())
                                .found("no such service on the class path")
                                .next("ask for one of these, or add the module that has it")));
    }

    private String handles() {
        return services.stream().map(service -> service.handle().getName()).collect(Collectors.joining(", ", "[", "]"));
    }

    private static Map<String, String> texts(Properties properties) {
        return properties.stringPropertyNames().stream()
                .filter(name -> !NO_SETTING.matcher(name).matches())
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    private static Properties file() {
        var properties = new Properties();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        if (loader == null) {
            loader = Catalog.class.getClassLoader();
        }
        try (InputStream in = loader.getResourceAsStream(FILE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException(
                    Explanation.couldNot("read " + FILE + " from the class path")
                            .expected("a properties file")
                            .found(String.valueOf(e.getMessage()))
                            .next("correct the file"),
                    e);
        }
        return properties;
    }
}
