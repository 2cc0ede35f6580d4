package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import io.lettuce.core.protocol.AsyncCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A database number and its user. Between two tests the password changes, the clients are cut off, the data goes. */
final class DatabaseSlice implements Slice<Redis> {

    /** How long somebody's script may keep the server from everything else before it is stopped. */
    private static final Duration SCRIPT = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int EMPTIED = 2;

    private final RedisAdmin admin;
    private final Registry registry;
    private final Users users;
    private final Place place;
    private Secret password = Secret.random();
    private @Nullable LeasedClient client;
    private @Nullable List<AsyncCommand<String, String, List<Object>>> resetting;
    private String last = "nobody";

    DatabaseSlice(RedisAdmin admin, Registry registry, Users users, Place place) {
        this.admin = admin;
        this.registry = registry;
        this.users = users;
        this.place = place;
    }

    /** Makes the user. */
    void begin() {
        users.make(place, password);
    }

    @Override
    public Redis handOut(Tenant tenant) {
        var login = new Login(admin.server().endpoint(), place.user(), password, place.database());
        var leased = new LeasedClient(tenant, login);
        client = leased;
        last = tenant.name();
        return new Redis(tenant, login, leased);
    }

    @Override
    public void reset() {
        LeasedClient ended = client;
        if (ended != null) {
            ended.end();
        }
        password = Secret.random();
        resetting = admin.send(resetCommands());
    }

    /** In this order: nobody gets in any more, nobody is in any more, nothing is in any more. */
    private List<List<String>> resetCommands() {
        return List.of(
                users.making(place, password),
                users.cuttingOff(place),
                registry.emptying(place.database(), place.owner()));
    }

    @Override
    public void awaitReset() {
        List<AsyncCommand<String, String, List<Object>>> flight = resetting;
        if (flight == null) {
            return;
        }
        List<Reply> replies = admin.await("reset " + describe(), flight);
        if (replies.stream().anyMatch(Reply::busy)) {
            replies = resetDespiteScript();
        }
        replies.forEach(Reply::require);
        long strays = replies.get(EMPTIED).number();
        if (strays < 0) {
            throw lost();
        }
        if (strays > 0) {
            Log.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0} keys were in database 0 when {1} ended: a client that selects no database is there, where every"
                            + " other such client is too; give it the number that Redis.database() says",
                    strays,
                    last);
        }
        resetting = null;
    }

    /** A script that runs for long holds up every test on the server, whoever has begun it. */
    private List<Reply> resetDespiteScript() {
        long limit = System.nanoTime() + SCRIPT.toNanos();
        List<Reply> replies;
        boolean killed = false;
        do {
            LockSupport.parkNanos(PAUSE.toNanos());
            if (!killed && System.nanoTime() > limit) {
                killed = true;
                Reply kill = admin.ask(
                        "stop the script that keeps " + admin.server().describe() + " busy", "SCRIPT", "KILL");
                if (!kill.message().startsWith("NOTBUSY")) {
                    kill.require();
                }
            }
            replies = admin.await("reset " + describe(), admin.send(resetCommands()));
        } while (replies.stream().anyMatch(Reply::busy)
                && !Thread.currentThread().isInterrupted());
        return replies;
    }

    @Override
    public List<Evidence> evidence() {
        return new DatabaseEvidence(admin, place, password).all();
    }

    /** Nothing is done to a number that is another's by now. */
    @Override
    public void destroy() {
        LeasedClient ended = client;
        if (ended != null) {
            ended.end();
        }
        if (admin.server().hold().death().isPresent()) {
            return;
        }
        admin.await(
                        "destroy " + describe(),
                        admin.send(List.of(users.removing(place), registry.releasing(place.database(), place.owner()))))
                .forEach(Reply::require);
    }

    @Override
    public String describe() {
        return "Redis database " + place.database() + " (user " + place.user() + ")";
    }

    private IsolationException lost() {
        return new IsolationException(Explanation.couldNot("go on with " + describe() + " after " + last)
                .expected("the number to be leased to this run, which shows every second that it lives")
                .found("that it is not: this JVM or its connection stood still for more than "
                        + Registry.LIFE.toSeconds() + " s, or the server was restarted")
                .next("run the tests again; what " + last + " did was cut off, not mixed with another's"));
    }
}
