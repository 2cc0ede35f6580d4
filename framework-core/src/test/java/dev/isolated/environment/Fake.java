package dev.isolated.environment;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import dev.isolated.spi.Tenure;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Services whose handles are common types, and their source, all writing down what happens to them. Thread-safe. */
final class Fake implements ServerSource {

    /** What happened, in its order. */
    final List<String> events = new CopyOnWriteArrayList<>();

    /** What goes wrong, such as {@code "reset alpha"}. */
    final Set<String> failing = ConcurrentHashMap.newKeySet();

    volatile String refusal = "";

    /** The service whose server runs already. */
    volatile String running = "";

    /** Where the servers write their log. */
    volatile Optional<Path> log = Optional.empty();

    /** The services whose slices can be kept and rewound. */
    final Set<String> able = ConcurrentHashMap.newKeySet();

    /** What starting a server takes. */
    volatile Callable<?> whileStarting = () -> "no time";

    Catalog catalog() {
        return new Catalog(
                List.of(
                        new FakeService<>("gamma", StringBuilder.class, new StringBuilder()),
                        new FakeService<>("alpha", String.class, "the handle of alpha"),
                        new FakeService<>("beta", Integer.class, 42)),
                List.of(this));
    }

    /** What happened to the tests' slices and not ahead of them. */
    List<String> events(String... kinds) {
        return events.stream()
                .filter(event -> List.of(kinds).contains(event.split(" ", 2)[0]))
                .toList();
    }

    void happens(String event) {
        events.add(event);
        if (failing.contains(event)) {
            throw new IsolationException(
                    Explanation.couldNot(event).found("that it was to fail").next("nothing"));
        }
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public int rank() {
        return 1;
    }

    @Override
    public Optional<String> refusal(Service<?> service, Settings settings) {
        return Optional.of(refusal).filter(it -> !it.isEmpty());
    }

    @Override
    public Optional<Server> running(Service<?> service, Settings settings) {
        if (!running.equals(service.name())) {
            return Optional.empty();
        }
        happens("find " + service.name());
        return Optional.of(server(service));
    }

    @Override
    public Server start(Service<?> service, Settings settings) {
        happens("start " + service.name());
        try {
            whileStarting.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return server(service);
    }

    private Server server(Service<?> service) {
        return new Server(
                service.name(),
                name(),
                "1",
                Endpoint.plain("localhost", 1, "admin", Secret.of("hunter2")),
                Tenure.RUN,
                new Hold() {
                    @Override
                    public Optional<Path> log() {
                        return log;
                    }

                    @Override
                    public void release() {
                        happens("stop " + service.name());
                    }
                });
    }

    private final class FakeService<H> implements Service<H> {

        private final String name;
        private final Class<H> type;
        private final H handle;

        FakeService(String name, Class<H> type, H handle) {
            this.name = name;
            this.type = type;
            this.handle = handle;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Class<H> handle() {
            return type;
        }

        @Override
        public List<Key<?>> keys() {
            return List.of(Key.text("isolated." + name + ".note", "", "A note."));
        }

        @Override
        public List<String> modes() {
            return List.of("FIRST", "SECOND");
        }

        @Override
        public Slices<H> connect(Server server, Plan plan) {
            happens("connect " + name);
            return new FakeSlices<>(name, handle);
        }
    }

    private final class FakeSlices<H> implements Slices<H> {

        private final String name;
        private final H handle;

        FakeSlices(String name, H handle) {
            this.name = name;
            this.handle = handle;
        }

        @Override
        public int capacity() {
            return 10;
        }

        @Override
        public Slice<H> create(int number) {
            happens("create " + name);
            return new FakeSlice<>(name, handle);
        }

        @Override
        public boolean resetsQuickly() {
            return name.equals("alpha");
        }

        @Override
        public List<Leftover> leftovers() {
            return List.of();
        }

        @Override
        public void close() {
            happens("disconnect " + name);
        }
    }

    private final class FakeSlice<H> implements Slice<H> {

        private final String name;
        private final H handle;
        private Tenant tenant = new Tenant("nobody");

        FakeSlice(String name, H handle) {
            this.name = name;
            this.handle = handle;
        }

        @Override
        public H handOut(Tenant to) {
            tenant = to;
            happens("lease " + name);
            return handle;
        }

        @Override
        public void reset() {
            if (failing.contains("leak " + name)) {
                tenant.report("a connection of " + name);
            }
            happens("reset " + name);
        }

        @Override
        public List<Evidence> evidence() {
            happens("evidence " + name);
            return List.of(new Evidence("doings", tenant.name() + " has found out hunter2"));
        }

        @Override
        public Optional<Predicate<String>> ownLogLines() {
            return able.contains(name) ? Optional.of(line -> line.contains(name)) : Optional.empty();
        }

        @Override
        public Optional<String> keep() {
            return able.contains(name) ? Optional.of("look at " + name) : Optional.empty();
        }

        @Override
        public void leave() {
            happens("leave " + name);
        }

        @Override
        public void mark() {
            if (!able.contains(name)) {
                Slice.super.mark();
            }
            happens("mark " + name);
        }

        @Override
        public List<String> rewind() {
            happens("rewind " + name);
            return failing.contains("leak " + name) ? List.of("a connection of " + name) : List.of();
        }

        @Override
        public void awaitReset() {
            // It was done at once.
        }

        @Override
        public void destroy() {
            happens("destroy " + name);
        }

        @Override
        public String describe() {
            return "slice of " + name;
        }
    }
}
