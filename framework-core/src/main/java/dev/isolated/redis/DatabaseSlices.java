package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.NoRoomException;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The slices of one server: each is a database number, registered in the server for as long as this run lives, and a user
 * that can select no other. Thread-safe.
 */
final class DatabaseSlices implements Slices<Redis> {

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final Plan plan;
    private final RedisAdmin admin;
    private final Numbers numbers;
    private final Registry registry;
    private final Users users;
    private final Keeper keeper;
    private final Heartbeat heartbeat;

    private DatabaseSlices(
            Plan plan, RedisAdmin admin, Numbers numbers, Registry registry, Users users, Heartbeat heartbeat) {
        this.plan = plan;
        this.admin = admin;
        this.numbers = numbers;
        this.registry = registry;
        this.users = users;
        keeper = new Keeper(admin.server());
        this.heartbeat = heartbeat;
    }

    static DatabaseSlices open(Server server, Plan plan) {
        RedisAdmin admin = RedisAdmin.connect(server);
        try {
            Requirements.check(admin);
            Numbers numbers = Numbers.of(admin);
            if (numbers.leasable() == 0) {
                throw tooFew(server, numbers);
            }
            var users = new Users(admin, Rules.of(admin, plan.run()));
            var registry = new Registry(admin, numbers, plan.run());
            registry.renew();
            return new DatabaseSlices(plan, admin, numbers, registry, users, Heartbeat.begin(registry, HEARTBEAT));
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    @Override
    public int capacity() {
        return numbers.leasable();
    }

    @Override
    public Slice<Redis> create(int number) {
        Owner owner = Owner.of(plan.run(), number);
        String registered = registry.id();
        int database = registry.lease(owner).orElseThrow(this::exhausted);
        var slice = slice(new Place(database, owner, registered));
        try {
            slice.begin();
            return slice;
        } catch (RuntimeException e) {
            destroyAfter(e, slice);
            throw e;
        }
    }

    @Override
    public boolean resetsQuickly() {
        return true;
    }

    @Override
    public List<Leftover> leftovers() {
        return registry.left().stream().map(this::leftover).toList();
    }

    @Override
    public void close() {
        heartbeat.end();
        try {
            if (admin.server().hold().death().isEmpty()) {
                registry.end();
            }
        } finally {
            keeper.close();
            admin.close();
        }
    }

    private Leftover leftover(Registry.Left left) {
        String run = left.owner().run();
        String why = run.equals(plan.run()) ? ", which could not give it back" : ", which has ended";
        return Leftover.of("database " + left.number() + " of run " + run + why, () -> inherit(left));
    }

    private void inherit(Registry.Left left) {
        if (registry.claim(left)) {
            slice(new Place(left.number(), registry.heir(left), registry.id())).destroy();
        }
    }

    private DatabaseSlice slice(Place place) {
        return new DatabaseSlice(admin, registry, users, keeper, place);
    }

    private static void destroyAfter(RuntimeException failure, DatabaseSlice slice) {
        try {
            slice.destroy();
        } catch (RuntimeException again) {
            failure.addSuppressed(again);
        }
    }

    private NoRoomException exhausted() {
        return new NoRoomException(
                Explanation.couldNot("lease a database of " + admin.server().describe())
                        .expected("one of " + numbers.leasable() + " to be free and empty")
                        .found("none; leased are " + String.join(", ", registry.holders()))
                        .next("have fewer runs or environments at once (" + Keys.ENVIRONMENTS_MAX
                                + "), or give the server more with \"databases\" in its configuration"));
    }

    private static IsolationException tooFew(Server server, Numbers numbers) {
        return new IsolationException(Explanation.couldNot("lease databases of " + server.describe())
                .expected("at least three databases: one that is nobody's, one for the registry, one for tests")
                .found(Integer.toString(numbers.databases()))
                .next("set \"databases\" in its configuration, or use another server: one of a cluster has but one"));
    }

    /** Shows regularly that a run lives; on a thread of its own, for it waits as long as a server does not answer. Thread-safe. */
    private record Heartbeat(ScheduledExecutorService thread) {

        static Heartbeat begin(Registry registry, Duration period) {
            ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
                var daemon = new Thread(task, "isolated-redis-heartbeat");
                daemon.setDaemon(true);
                return daemon;
            });
            var unused = thread.scheduleWithFixedDelay(
                    () -> beat(registry), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
            return new Heartbeat(thread);
        }

        private static void beat(Registry registry) {
            try {
                registry.renew();
            } catch (IsolationException e) {
                Log.LOGGER.log(System.Logger.Level.DEBUG, "the next heartbeat will do", e);
            }
        }

        void end() {
            thread.shutdownNow();
        }
    }
}
