package dev.isolated.clickhouse;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.util.List;
import java.util.Set;

/** The slices of one server: each is a user, and one database after another that only that user can reach. Thread-safe. */
final class DatabaseSlices implements Slices<ClickHouse> {

    /** As many as the embedded engine has roles for, but for some that dead runs may still have. */
    private static final int MOST = 500;

    private final Plan plan;
    private final ClickHouseAdmin admin;
    private final Registry registry;
    private final List<Script> scripts;

    private DatabaseSlices(Plan plan, ClickHouseAdmin admin, Registry registry, List<Script> scripts) {
        this.plan = plan;
        this.admin = admin;
        this.registry = registry;
        this.scripts = scripts;
    }

    static DatabaseSlices open(Server server, Plan plan) {
        var admin = new ClickHouseAdmin(server);
        Requirements.check(admin);
        List<Script> scripts = plan.settings().get(ClickHouseKeys.SCRIPTS).stream()
                .map(Script::of)
                .toList();
        return new DatabaseSlices(plan, admin, Registry.begin(admin, plan.run()), scripts);
    }

    @Override
    public int capacity() {
        return MOST;
    }

    @Override
    public Slice<ClickHouse> create(int number) {
        var slice = new DatabaseSlice(admin, new Owner(plan.run(), number), scripts);
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
        Set<String> living = registry.living();
        return Mark.all(admin).stream()
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
                return "database " + mark.database() + " of run " + mark.run() + ", which has ended";
            }

            @Override
            public void remove() {
                mark.remove(admin);
            }
        };
    }

    private static void destroyAfter(RuntimeException failure, DatabaseSlice slice) {
        try {
            slice.destroy();
        } catch (RuntimeException again) {
            failure.addSuppressed(again);
        }
    }
}
