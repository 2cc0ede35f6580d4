package dev.isolated.clickhouse;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The slices of one server: each is a user, and one place after another. Thread-safe. */
final class ClickHouseSlices implements Slices<ClickHouse> {

    /** As many as the embedded engine has roles for, but for some that dead runs may still have. */
    private static final int MOST = 250;

    private final Plan plan;
    private final ClickHouseAdmin admin;
    private final Layout layout;
    private final Registry registry;
    private final SetUp setUp;

    /** Whose slices this run could not destroy, and tries to again. */
    private final Set<Owner> undone = ConcurrentHashMap.newKeySet();

    private ClickHouseSlices(Plan plan, ClickHouseAdmin admin, Layout layout, Registry registry, SetUp setUp) {
        this.plan = plan;
        this.admin = admin;
        this.layout = layout;
        this.registry = registry;
        this.setUp = setUp;
    }

    static ClickHouseSlices open(Server server, Plan plan) {
        var admin = new ClickHouseAdmin(server);
        Requirements.check(admin);
        SetUp setUp = SetUp.of(plan);
        Layout layout = plan.mode().equals(ClickHouseService.PREFIX)
                ? TableLayout.open(admin, plan.settings().get(ClickHouseKeys.DATABASE))
                : DatabaseLayout.open(admin);
        Registry registry = Registry.begin(admin, layout.registry(), plan.run());
        try {
            return new ClickHouseSlices(plan, admin, layout.tried(plan.run()), registry, setUp);
        } catch (RuntimeException e) {
            registry.stop();
            throw e;
        }
    }

    @Override
    public int capacity() {
        return MOST;
    }

    @Override
    public Slice<ClickHouse> create(int number) {
        var slice = new ClickHouseSlice(admin, layout, new Owner(plan.run(), number), setUp, undone);
        try {
            slice.begin();
            return slice;
        } catch (RuntimeException e) {
            destroyAfter(e, slice);
            throw e;
        }
    }

    @Override
    public List<Leftover> leftovers() {
        Set<String> dead = registry.dead();
        List<Mark> marks = layout.marks().stream()
                .filter(mark -> isLeft(mark.owner(), dead))
                .toList();
        Set<String> marked = marks.stream().map(Mark::user).collect(Collectors.toUnmodifiableSet());
        // A run that was killed while it made or removed a user has left no mark of it.
        Stream<Leftover> users = OwnUser.all(admin).stream()
                .filter(owner -> isLeft(owner, dead) && !marked.contains(owner.user()))
                .map(this::leftover);
        return Stream.concat(marks.stream().map(this::leftover), users).toList();
    }

    private boolean isLeft(Owner owner, Set<String> dead) {
        return dead.contains(owner.run()) || undone.contains(owner);
    }

    @Override
    public void close() {
        if (admin.server().hold().death().isPresent()) {
            registry.stop();
        } else {
            registry.end();
        }
    }

    private Leftover leftover(Mark mark) {
        return Leftover.of(layout.describe(mark) + whose(mark.owner()), () -> layout.remove(mark));
    }

    private Leftover leftover(Owner owner) {
        return Leftover.of("user " + owner.user() + whose(owner), () -> {
            var user = new OwnUser(admin, owner.user());
            user.endQueries();
            user.remove();
        });
    }

    private String whose(Owner owner) {
        return " of run " + owner.run()
                + (undone.contains(owner) ? ", which could not destroy it before" : ", which has ended");
    }

    private static void destroyAfter(RuntimeException failure, ClickHouseSlice slice) {
        try {
            slice.destroy();
        } catch (RuntimeException again) {
            failure.addSuppressed(again);
        }
    }
}
