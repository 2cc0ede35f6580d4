package dev.isolated.clickhouse;

import dev.isolated.spi.Evidence;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user, and the place that its test has just now. Between two tests the user is renewed and gets another place: what led to
 * the last one leads nowhere.
 */
final class ClickHouseSlice implements Slice<ClickHouse> {

    private final ClickHouseAdmin admin;
    private final Layout layout;
    private final Owner owner;
    private final SetUp setUp;
    private final SliceUser user;
    private final Set<Owner> undone;
    private @Nullable Ground ground;
    private int generation;
    private @Nullable LeasedPlace leased;

    /** One that is put among others where it cannot be destroyed. */
    ClickHouseSlice(ClickHouseAdmin admin, Layout layout, Owner owner, SetUp setUp, Set<Owner> undone) {
        this.admin = admin;
        this.layout = layout;
        this.owner = owner;
        this.setUp = setUp;
        this.undone = undone;
        user = layout.user(owner);
    }

    /** Makes the user and the first place. */
    void begin() {
        String told = user.make();
        ground = layout.ground(owner, user, told);
        ground.prepare(generation);
        furnish();
    }

    @Override
    public ClickHouse handOut(Tenant tenant) {
        Place place = place();
        var handed = new LeasedPlace(tenant, user.line(place.database()), admin, place);
        leased = handed;
        return new ClickHouse(handed);
    }

    /** What the test may still have leads into its own place only, so the rest need not hold up the test. */
    @Override
    public void reset() {
        letGo();
    }

    @Override
    public void awaitReset() {
        user.lockOut();
        user.endQueries();
        generation++;
        ground().prepare(generation);
        user.renew();
        furnish();
    }

    @Override
    public List<Evidence> evidence() {
        return new PlaceEvidence(admin, place(), PlaceEvidence.PATIENCE).all();
    }

    @Override
    public void destroy() {
        letGo();
        if (admin.server().hold().death().isPresent()) {
            return;
        }
        try {
            remove();
        } catch (RuntimeException e) {
            undone.add(owner);
            throw e;
        }
    }

    private void remove() {
        Ground made = ground;
        try {
            if (made != null) {
                user.endQueries();
                made.clear();
            }
        } finally {
            user.drop();
        }
        if (made != null) {
            made.abandon();
        }
    }

    @Override
    public String describe() {
        return ground == null ? "ClickHouse slice " + owner.number() : place().describe();
    }

    private Ground ground() {
        if (ground == null) {
            throw new IllegalStateException(describe() + " was not begun");
        }
        return ground;
    }

    private Place place() {
        return ground().place(generation);
    }

    private void letGo() {
        if (leased != null) {
            leased.end();
            leased = null;
        }
    }

    private void furnish() {
        ground().grant(generation);
        Place place = place();
        setUp.apply(admin, user.line(place.database()), place);
    }
}
