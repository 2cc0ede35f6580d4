package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.util.List;
import java.util.stream.Stream;

/**
 * The slices of one server: each has a database and a role of its own, which is no superuser and can reach no other
 * slice's database. While the run lives, its administrator's connection holds an advisory lock; a database whose run
 * holds none is left over.
 */
final class PostgresSlices implements Slices<Postgres> {

    private static final int LOCK_CLASS = 0x150;

    private final Server server;
    private final Plan plan;
    private final PostgresAdmin admin;
    private final Allowance allowance;
    private final Estate estate;
    private final TemplateSweep templates;

    private PostgresSlices(
            Server server,
            Plan plan,
            PostgresAdmin admin,
            Allowance allowance,
            Estate estate,
            TemplateSweep templates) {
        this.server = server;
        this.plan = plan;
        this.admin = admin;
        this.allowance = allowance;
        this.estate = estate;
        this.templates = templates;
    }

    static PostgresSlices open(Server server, Plan plan) {
        PostgresAdmin admin = PostgresAdmin.connect(server, PostgresAdmin.MAINTENANCE);
        try {
            Allowance allowance = Allowance.of(server, plan, admin);
            admin.hold("SELECT pg_advisory_lock(" + LOCK_CLASS + ", " + Integer.parseUnsignedInt(plan.run(), 16) + ")");
            var store = new TemplateStore(server, admin, allowance);
            var sweep = new TemplateSweep(admin, store.owner());
            Template template = template(server, plan, admin, store, sweep);
            var estate = new Estate(admin, plan.run(), allowance, template);
            return new PostgresSlices(server, plan, admin, allowance, estate, sweep);
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    private static Template template(
            Server server, Plan plan, PostgresAdmin admin, TemplateStore store, TemplateSweep sweep) {
        try {
            return new Templates(server, admin, store, plan.run()).of(Templates.layers(plan));
        } catch (RuntimeException e) {
            sweep.collectAfter(e, plan.settings());
            throw e;
        }
    }

    @Override
    public int capacity() {
        return allowance.capacity();
    }

    @Override
    public Slice<Postgres> create(int number) {
        String name = "isolated_" + plan.run() + "_" + number;
        Secret password = Secret.random();
        estate.make(name, password);
        try {
            return new TransactionSlice(this, new Login(server.endpoint(), name, password), plan.settings());
        } catch (RuntimeException e) {
            estate.removeAfter(e, name);
            throw e;
        }
    }

    /** Rolling back is one round trip; handing it to another thread would cost as much. */
    @Override
    public boolean resetsQuickly() {
        return true;
    }

    @Override
    public List<Leftover> leftovers() {
        Stream<Leftover> slices = estate.ownerless(LOCK_CLASS).stream()
                .map(name ->
                        leftover("database and role " + name + " of a run that has ended", () -> estate.remove(name)));
        Stream<Leftover> halfMade = templates.abandoned().stream()
                .map(name -> leftover("half-made template " + name, () -> templates.removeAbandoned(name)));
        return Stream.concat(slices, halfMade).toList();
    }

    @Override
    public void close() {
        try {
            if (server.tenure().outlivesTheRun() && server.hold().death().isEmpty()) {
                templates.collect(plan.settings());
            }
        } finally {
            admin.close();
        }
    }

    /** Removes a slice's database and role; on a server that stops with the run they go with it. */
    void drop(String name) {
        if (server.tenure().outlivesTheRun()) {
            estate.remove(name);
        }
    }

    private static Leftover leftover(String description, Runnable removal) {
        return new Leftover() {
            @Override
            public String describe() {
                return description;
            }

            @Override
            public void remove() {
                removal.run();
            }
        };
    }
}
