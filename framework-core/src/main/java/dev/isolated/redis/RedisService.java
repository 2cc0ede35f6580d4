package dev.isolated.redis;

import dev.isolated.spi.Blueprint;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slices;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Redis as a service; {@link java.util.ServiceLoader} makes it. Stateless. */
public final class RedisService implements Service<Redis> {

    /** Each test has a database number of its own, and a user that can select no other. */
    public static final String DATABASE = "DATABASE";

    /** Each test has a server for itself, where it may do whatever it likes. */
    public static final String SERVER = "SERVER";

    /** Each test has a cluster of three servers for itself. */
    public static final String CLUSTER = "CLUSTER";

    private static final Blueprint BLUEPRINT = new Blueprint(
            6379, 6381, "default", "redis:7", "", List.of(), List.of("--save", "", "--databases", "4096"), "/data");

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Class<Redis> handle() {
        return Redis.class;
    }

    @Override
    public Map<Class<?>, Function<Redis, Object>> views() {
        return Map.of(RedisClient.class, Redis::client, RedisClusterClient.class, Redis::cluster);
    }

    @Override
    public List<String> modes() {
        return List.of(DATABASE, SERVER, CLUSTER);
    }

    @Override
    public Optional<Blueprint> blueprint() {
        return Optional.of(BLUEPRINT);
    }

    @Override
    public void warmUp() {
        Clients.ofAdministrators();
    }

    @Override
    public Server takeOver(Server started) {
        try (RedisAdmin admin = RedisAdmin.connect(started)) {
            return admin.changePassword();
        }
    }

    @Override
    public void check(Server running) {
        RedisAdmin.connect(running).close();
    }

    @Override
    public Slices<Redis> connect(Server server, Plan plan) {
        return plan.mode().equals(DATABASE) ? DatabaseSlices.open(server, plan) : new ServerSlices(plan);
    }
}
