package dev.isolated.junit;

import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A service of this JVM's whose slices, lists of words, can be kept. Tests name it where they want it to be found. */
public final class Drawers implements Service<Drawers.Drawer> {

    private static final String NAME = "drawer";

    /** The drawers that were left as they were. */
    static final List<Drawer> LEFT = new ArrayList<>();

    /** What a test puts its words into. */
    record Drawer(List<String> words) {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<Drawer> handle() {
        return Drawer.class;
    }

    @Override
    public List<String> modes() {
        return List.of("WHOLE");
    }

    @Override
    public Slices<Drawer> connect(Server server, Plan plan) {
        return new Slices<>() {
            @Override
            public int capacity() {
                return Integer.MAX_VALUE;
            }

            @Override
            public Slice<Drawer> create(int number) {
                return new DrawerSlice();
            }

            @Override
            public List<Leftover> leftovers() {
                return List.of();
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    /** Where they come from. */
    public static final class Source implements ServerSource {

        @Override
        public String name() {
            return "here";
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public Optional<String> refusal(Service<?> service, Settings settings) {
            return service.name().equals(NAME) ? Optional.empty() : Optional.of("there are only drawers here");
        }

        @Override
        public Server start(Service<?> service, Settings settings) {
            var endpoint = Endpoint.plain("localhost", 1, "nobody", Secret.of("none"));
            return new Server(NAME, name(), "1", endpoint, Tenure.RUN, Hold.NONE);
        }
    }

    private static final class DrawerSlice implements Slice<Drawer> {

        private final Drawer drawer = new Drawer(new ArrayList<>());

        @Override
        public Drawer handOut(Tenant tenant) {
            return drawer;
        }

        @Override
        public Optional<String> keep() {
            return Optional.of("pull it open");
        }

        @Override
        public void leave() {
            LEFT.add(drawer);
        }

        @Override
        public void reset() {
            drawer.words().clear();
        }

        @Override
        public void awaitReset() {
            // It was done at once.
        }

        @Override
        public void destroy() {
            drawer.words().clear();
        }

        @Override
        public String describe() {
            return "a drawer";
        }
    }
}
