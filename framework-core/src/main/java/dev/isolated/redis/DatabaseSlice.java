package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.redis.DatabaseReset.Outcome;
import dev.isolated.redis.KeptConnection.Use;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database number, a user for its tests, and a connection of another user's that the tests are lent. Between two tests the
 * data goes; and whatever a test may still have that leads into the database.
 */
final class DatabaseSlice implements Slice<Redis> {

    private final RedisAdmin admin;
    private final Registry registry;
    private final Users users;
    private final Keeper keeper;
    private final Secret keptPassword = Secret.random();
    private final Owner first;
    private int lives = 1;
    private Place place;
    private Secret password = Secret.random();
    private @Nullable KeptConnection kept;
    private @Nullable LeasedClient client;
    private @Nullable DatabaseReset resetting;
    private String last = "nobody";
    private long handedOut;

    DatabaseSlice(RedisAdmin admin, Registry registry, Users users, Keeper keeper, Place place) {
        this.admin = admin;
        this.registry = registry;
        this.users = users;
        this.keeper = keeper;
        this.place = place;
        first = place.owner();
    }

    /** Makes the users and the connection; whoever stood still meanwhile may have lost the number to another run. */
    void begin() {
        users.make(place, password, keptPassword);
        kept = keeper.connect(place, keptPassword);
        requireOurs();
        users.removeStrangers(place);
    }

    @Override
    public Redis handOut(Tenant tenant) {
        if (!isWhole()) {
            revive();
        }
        var login = new Login(admin.server().endpoint(), place.user(), password, place.database());
        var leased = LeasedClient.lending(Admission.toADatabase(tenant), login, whole());
        client = leased;
        last = tenant.name();
        handedOut = System.nanoTime();
        return new Redis(leased);
    }

    /** A test that has only used the connection that it was lent leaves nothing but data. */
    @Override
    public void reset() {
        LeasedClient ended = client;
        boolean told = ended != null && ended.end();
        client = null;
        Use use = kept == null ? Use.SPOILT : kept.end();
        if (!isWhole()) {
            requireOurs();
        }
        if (told || use == Use.SPOILT) {
            resetting = thorough(use);
        } else {
            resetting = use == Use.PLAIN ? DatabaseReset.quick(admin, whole()) : null;
        }
    }

    /** With another password for the next test. */
    private DatabaseReset thorough(Use use) {
        password = Secret.random();
        if (use == Use.SPOILT && kept != null) {
            kept.close();
            kept = null;
        }
        return DatabaseReset.thorough(users, registry, place, password, kept);
    }

    @Override
    public void awaitReset() {
        DatabaseReset begun = resetting;
        if (begun == null) {
            return;
        }
        Outcome outcome = begun.await(describe(), last);
        if (outcome == Outcome.BUSY) {
            outcome = Busy.outlast(admin, () -> thorough(Use.SPOILT).await(describe(), last));
        }
        if (outcome == Outcome.NOT_OURS) {
            throw lost();
        }
        resetting = null;
        if (kept == null) {
            kept = keeper.connect(place, keptPassword);
        }
    }

    /** Whether the server knows the slice, as far as that can be told without asking. */
    private boolean isWhole() {
        return kept != null && kept.isOpen() && registry.knows(place);
    }

    private void requireOurs() {
        if (!registry.owns(place)) {
            throw lost();
        }
    }

    private KeptConnection whole() {
        KeptConnection now = kept;
        if (now == null) {
            throw new IllegalStateException(describe() + " has no connection");
        }
        return now;
    }

    /**
     * Nobody has the slice, so what the server has forgotten of it can be made again: with users of other names, for whoever has
     * the number now may be about to remove those that it had.
     */
    private void revive() {
        Registry.Era era = registry.eraNow();
        users.remove(place);
        place = registeredAnew(first.inLife(++lives), era);
        users.make(place, password, keptPassword);
        requireOurs();
        users.removeStrangers(place);
        resetting = thorough(Use.SPOILT);
        awaitReset();
        Log.LOGGER.log(
                System.Logger.Level.INFO,
                "{0} was made again: the server had forgotten it, or may have taken this run for dead",
                describe());
    }

    /** Where the answer is lost, the number may have been registered all the same. */
    private Place registeredAnew(Owner owner, Registry.Era era) {
        try {
            int database = registry.regain(place.database(), place.owner(), owner)
                    ? place.database()
                    : registry.lease(owner).orElseThrow(this::lost);
            return new Place(database, owner, era);
        } catch (IsolationException e) {
            registry.abandon(new Place(place.database(), owner, era));
            throw e;
        }
    }

    /** What is in a database that is another's by now is nothing that the test has written. */
    @Override
    public List<Evidence> evidence() {
        var all = new ArrayList<Evidence>();
        if (client != null) {
            all.add(client.lastCommands());
        }
        try {
            requireOurs();
            all.addAll(new DatabaseEvidence(admin, place.database(), place.user(), password, handedOut).all());
        } catch (IsolationException e) {
            all.add(Evidence.notToBeHad("keys in database " + place.database(), e));
        }
        return all;
    }

    /** Nothing is done to a number that is another's by now. */
    @Override
    public void destroy() {
        if (client != null) {
            client.end();
        }
        if (kept != null) {
            kept.close();
        }
        if (admin.server().hold().death().isPresent()) {
            return;
        }
        try {
            admin.await("destroy " + describe(), admin.send(List.of(users.removing(place), registry.releasing(place))))
                    .forEach(Reply::require);
            registry.released(Registry.Left.of(place));
        } catch (IsolationException e) {
            registry.abandon(place);
            throw e;
        }
    }

    @Override
    public String describe() {
        return "Redis database " + place.database() + " (user " + place.user() + ")";
    }

    private IsolationException lost() {
        return new IsolationException(Explanation.couldNot("go on with " + describe() + " after " + last)
                .expected("the number to be leased to this run, which shows every second that it lives")
                .found("that it is not: this JVM or its connection stood still for more than "
                        + Registry.LIFE.toSeconds() + " s, or the server was restarted, or somebody emptied all of it")
                .next("run the tests again; what " + last + " did was cut off, not mixed with another's"));
    }
}
