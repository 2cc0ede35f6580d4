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
import java.util.List;

/**
 * The slices of one server: each is a database number, registered in the server for as long as this run lives, and a user
 * that can select no other. Thread-safe.
 */
final class DatabaseSlices implements Slices<Redis> {

    private final Plan plan;
    private final RedisAdmin admin;
    private final Numbers numbers;
    private final Registry registry;
    private final Users users;
    private final Keeper keeper;
    private final Heartbeat heartbeat;

    private DatabaseSlices(
            Plan plan,
            RedisAdmin admin,
            Numbers numbers,
            Registry registry,
            Users users,
            Keeper keeper,
            Heartbeat heartbeat) {
        this.plan = plan;
        this.admin = admin;
        this.numbers = numbers;
        this.registry = registry;
        this.users = users;
        this.keeper = keeper;
        this.heartbeat = heartbeat;
    }

    static DatabaseSlices open(Server server, Plan plan) {
        RedisAdmin admin = RedisAdmin.connect(server);
        try {
            Requirements.check(admin);
            var interpreter = new Interpreter(admin);
            interpreter.seal(Clients.PATIENCE);
            Numbers numbers = Numbers.of(admin);
            if (numbers.leasable() == 0) {
                throw tooFew(server, numbers);
            }
            var users = new Users(admin, Rules.of(admin, plan.run()));
            var registry = new Registry(admin, numbers, plan.run(), System::nanoTime);
            registry.renew(Clients.PATIENCE);
            Heartbeat heartbeat = Heartbeat.begin(
                    server,
                    Registry.PAUSE,
                    Heartbeat.sign(() -> registry.renew(Registry.BEAT)),
                    new Heartbeat.Beat(
                            () -> interpreter.seal(Registry.BEAT),
                            "tests' scripts may reach others', until they are kept apart again; that failed on "));
            return new DatabaseSlices(plan, admin, numbers, registry, users, new Keeper(server), heartbeat);
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
        Registry.Era era = registry.eraNow();
        int database = registry.lease(owner).orElseThrow(this::exhausted);
        var slice = slice(new Place(database, owner, era));
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
        return Leftover.contested("database " + left.number() + " of run " + run + why, () -> inherit(left));
    }

    private boolean inherit(Registry.Left left) {
        boolean ours = registry.claim(left);
        if (ours) {
            slice(new Place(left.number(), registry.heir(left), registry.era())).destroy();
        } else {
            registry.released(left);
        }
        return ours;
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
}
