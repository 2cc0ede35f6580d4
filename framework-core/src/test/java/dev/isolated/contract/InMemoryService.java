package dev.isolated.contract;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A service together with its only server, in this JVM's memory: for tests of what surrounds services. Thread-safe. */
public final class InMemoryService implements Service<InMemory> {

    public static final String NAME = "memory";
    public static final String MODE = "MAP";
    public static final int CAPACITY = 64;

    private final boolean resetsQuickly;
    private final Map<String, String> runOfSlice = new ConcurrentHashMap<>();
    private final Set<String> living = ConcurrentHashMap.newKeySet();
    private volatile Optional<String> death = Optional.empty();
    private final Server server;

    /** A service whose slices are reset by the test's own thread, or in the background. */
    public InMemoryService(boolean resetsQuickly) {
        this.resetsQuickly = resetsQuickly;
        var endpoint = Endpoint.plain("localhost", 1, "admin", Secret.of("a secret"));
        server = new Server(NAME, "test", "1", endpoint, Tenure.FOREIGN, new Hold() {
            @Override
            public Optional<String> death() {
                return death;
            }
        });
    }

    public Server server() {
        return server;
    }

    /** Ends a run's liveness; its slices stay. */
    public void crash(String run) {
        living.remove(run);
    }

    /** Lets the server be known as dead. */
    public void die(String reason) {
        death = Optional.of(reason);
    }

    /** The names of all slices on the server. */
    public Set<String> slices() {
        return Set.copyOf(runOfSlice.keySet());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<InMemory> handle() {
        return InMemory.class;
    }

    @Override
    public List<String> modes() {
        return List.of(MODE);
    }

    @Override
    public Slices<InMemory> connect(Server to, Plan plan) {
        living.add(plan.run());
        return new InMemorySlices(plan.run());
    }

    private final class InMemorySlices implements Slices<InMemory> {

        private final String run;

        InMemorySlices(String run) {
            this.run = run;
        }

        @Override
        public int capacity() {
            return CAPACITY;
        }

        @Override
        public Slice<InMemory> create(int number) {
            if (death.isPresent()) {
                throw new IllegalStateException("no answer from the server");
            }
            String name = "map " + run + "_" + number;
            runOfSlice.put(name, run);
            return new InMemorySlice(name, () -> runOfSlice.remove(name));
        }

        @Override
        public boolean resetsQuickly() {
            return resetsQuickly;
        }

        @Override
        public List<Leftover> leftovers() {
            return runOfSlice.entrySet().stream()
                    .filter(slice -> !living.contains(slice.getValue()))
                    .map(Map.Entry::getKey)
                    .map(name -> Leftover.of(name + " of a run that has ended", () -> runOfSlice.remove(name)))
                    .toList();
        }

        @Override
        public void close() {
            living.remove(run);
        }
    }
}
