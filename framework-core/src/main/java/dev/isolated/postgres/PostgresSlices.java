package dev.isolated.postgres;

import dev.isolated.settings.Keys;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The slices of one server: each has a database and a role of its own, which is no superuser and can reach no other
 * slice's database. While the run lives, its administrator's connection holds an advisory lock; a database whose run
 * holds none is left over.
 */
final class PostgresSlices implements Slices<Postgres> {

    private final Server server;
    private final Plan plan;
    private final PostgresAdmin admin;
    private final PostgresAdmin maker;
    private final Allowance allowance;
    private final Estate estate;
    private final TemplateSweep templates;
    private final Template template;
    private final @Nullable Clones clones;
    private final Optional<Keeper> keeper;
    private @Nullable List<String> superfluous;

    private PostgresSlices(Server server, Plan plan, PostgresAdmin admin, PostgresAdmin maker) {
        this.server = server;
        this.plan = plan;
        this.admin = admin;
        this.maker = maker;
        allowance = Allowance.of(server, plan, admin);
        admin.hold(ServerLock.ofRun(plan.run()));
        estate = new Estate(
                admin,
                maker,
                plan.run(),
                allowance,
                plan.settings().get(PostgresKeys.CLONE_STRATEGY).on(server.tenure()));
        var store = new TemplateStore(server, admin, allowance);
        templates = new TemplateSweep(admin, store.owner());
        template = template(store);
        clones = inDatabases(plan) ? new Clones(server, plan, admin, estate, template) : null;
        keeper = plan.settings()
                .get(PostgresKeys.KEEP_ON_FAILURE)
                .filter(time -> server.tenure().outlivesTheRun())
                .map(time -> new Keeper(server, admin, time));
    }

    static PostgresSlices open(Server server, Plan plan) {
        PostgresAdmin admin = PostgresAdmin.connect(server, PostgresAdmin.MAINTENANCE);
        PostgresAdmin maker = admin;
        try {
            maker = inDatabases(plan) ? PostgresAdmin.connect(server, PostgresAdmin.MAINTENANCE) : admin;
            return new PostgresSlices(server, plan, admin, maker);
        } catch (RuntimeException e) {
            maker.close();
            admin.close();
            throw e;
        }
    }

    private static boolean inDatabases(Plan plan) {
        return plan.mode().equals(PostgresService.DATABASE);
    }

    private Template template(TemplateStore store) {
        try {
            return new Templates(server, admin, store, plan).of(Templates.layers(plan));
        } catch (RuntimeException e) {
            templates.collectAfter(e, plan.settings());
            throw e;
        }
    }

    @Override
    public int capacity() {
        return allowance.capacity();
    }

    @Override
    public Slice<Postgres> create(int number) {
        return clones == null
                ? transaction(Estate.prefix(plan.run()) + number)
                : new DatabaseSlice(this, clones, keeper, plan.settings().get(Keys.EVIDENCE_ROWS));
    }

    private TransactionSlice transaction(String name) {
        Secret password = Secret.random();
        estate.makeSealed(name, admin.loginWith(password), template);
        try {
            return new TransactionSlice(this, new Login(server.endpoint(), name, password), plan.settings());
        } catch (RuntimeException e) {
            estate.removeAfter(e, name);
            throw e;
        }
    }

    /** Rolling back is one round trip; handing it to another thread would cost as much. Making a database is not. */
    @Override
    public boolean resetsQuickly() {
        return clones == null;
    }

    @Override
    public List<Leftover> leftovers() {
        Stream<Leftover> slices = estate.ownerless().stream()
                .map(name -> Leftover.of(
                        "database and role " + name + " of a run that has ended", () -> estate.remove(name)));
        Stream<Leftover> halfMade = templates.abandoned().stream()
                .map(name -> Leftover.contested("half-made template " + name, () -> templates.removeAbandoned(name)));
        Stream<Leftover> kept = Keeper.expired(estate).stream()
                .map(name -> Leftover.of(
                        "database and role " + name + ", kept after a failed test until now",
                        () -> Keeper.remove(estate, name)));
        return Stream.of(slices, halfMade, kept, superfluous())
                .flatMap(it -> it)
                .toList();
    }

    /** Templates for which there is no room any more: a run removes those that earlier ones have left, behind its tests. */
    private synchronized Stream<Leftover> superfluous() {
        if (superfluous == null) {
            superfluous = new ArrayList<>(templates.superfluous(plan.settings()));
        }
        return List.copyOf(superfluous).stream()
                .map(name -> Leftover.contested(
                        "template " + name + ", which was used longer ago than those that are to stay",
                        () -> removeTemplate(name)));
    }

    /** By a connection of its own, for the server may have it wait for a checkpoint. */
    private boolean removeTemplate(String name) {
        boolean removed;
        try (PostgresAdmin other = PostgresAdmin.connect(server, PostgresAdmin.MAINTENANCE)) {
            removed = new TemplateSweep(other, templates.owner()).remove(name);
        }
        synchronized (this) {
            Objects.requireNonNull(superfluous).remove(name);
        }
        return removed;
    }

    /** Where no template is to stay, they go now. */
    @Override
    public void close() {
        boolean none = plan.settings().get(PostgresKeys.TEMPLATES_MAX) == 0;
        try {
            if (none
                    && server.tenure().outlivesTheRun()
                    && server.hold().death().isEmpty()) {
                templates.collect(plan.settings());
            }
        } finally {
            maker.close();
            admin.close();
        }
    }

    /** Removes a slice's database and role; on a server that stops with the run they go with it. */
    void drop(String name) {
        if (server.tenure().outlivesTheRun()) {
            estate.remove(name);
        }
    }
}
