package dev.isolated.redis;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.util.List;

/** Slices each of which is a server, or a cluster of them. Immutable. */
final class ServerSlices implements Slices<Redis> {

    /** As many as one may reasonably start: each is a process of some megabytes. */
    private static final int MOST = 1_000;

    private final Plan plan;

    ServerSlices(Plan plan) {
        this.plan = plan;
    }

    @Override
    public int capacity() {
        return MOST;
    }

    @Override
    public Slice<Redis> create(int number) {
        OwnServers own = plan.ownServers();
        boolean clustered = plan.mode().equals(RedisService.CLUSTER);
        var slice = new ServerSlice(() -> clustered ? Cluster.start(own) : Instance.single(own));
        slice.start();
        return slice;
    }

    /** Servers end with their run. */
    @Override
    public List<Leftover> leftovers() {
        return List.of();
    }

    @Override
    public void close() {}
}
