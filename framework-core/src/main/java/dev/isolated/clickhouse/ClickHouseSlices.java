package dev.isolated.clickhouse;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.util.List;
import java.util.Set;

/** The slices of one server: each is a user, and one place after another. Thread-safe. */
final class ClickHouseSlices implements Slices<ClickHouse> {

    /** As many as the embedded engine has roles for, but for some that dead runs may still have. */
    private static final int MOST = 500;

    private final Plan plan;
    private final ClickHouseAdmin admin;
    private final Layout layout;
    private final Registry registry;
    private final SetUp setUp;

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
                ? TableLayout.open(admin, plan.settings().get(ClickHouseKeys.DATABASE), plan.run())
                : DatabaseLayout.open(admin);
        return new ClickHouseSlices(plan, admin, layout, Registry.begin(admin, layout.registry(), plan.run()), setUp);
    }

    @Override
    public int capacity() {
        return MOST;
    }

    @Override
    public Slice<ClickHouse> create(int number) {
        var slice = new ClickHouseSlice(admin, layout, new Owner(plan.run(), number), setUp);
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
        // In this order: a run shows that it lives before it makes anything.
        List<Mark> marks = layout.marks();
        Set<String> living = registry.living();
        return marks.stream()
                .filter(mark -> !living.contains(mark.run()))
                .map(this::leftover)
                .toList();
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
        return new Leftover() {
            @Override
            public String describe() {
                return layout.describe(mark) + " of run " + mark.run() + ", which has ended";
            }

            @Override
            public void remove() {
                layout.remove(mark);
            }
        };
    }

    private static void destroyAfter(RuntimeException failure, ClickHouseSlice slice) {
        try {
            slice.destroy();
        } catch (RuntimeException again) {
            failure.addSuppressed(again);
        }
    }
}
