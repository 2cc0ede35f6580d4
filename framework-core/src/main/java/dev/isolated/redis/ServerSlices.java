package dev.isolated.redis;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenure;
import java.util.List;

/** Slices each of which is a server, or a cluster of them. Immutable. */
final class ServerSlices implements Slices<Redis> {

    /** As many as one may reasonably start: each is a process of some megabytes. */
    private static final int MOST = 1_000;

    private final Plan plan;

    private ServerSlices(Plan plan) {
        this.plan = plan;
    }

    /** Slices from where a server comes; one of the user's own has no like, which its source says of each. */
    static ServerSlices open(Server server, Plan plan) {
        if (clustered(plan) && server.tenure() != Tenure.FOREIGN) {
            Cluster.requireNeighbours(server);
        }
        return new ServerSlices(plan);
    }

    @Override
    public int capacity() {
        return MOST;
    }

    @Override
    public Slice<Redis> create(int number) {
        OwnServers own = plan.ownServers();
        var slice = new ServerSlice(() -> clustered(plan) ? Cluster.start(own) : Instance.single(own));
        slice.start();
        return slice;
    }

    private static boolean clustered(Plan plan) {
        return plan.mode().equals(RedisService.CLUSTER);
    }

    /** Servers end with their run. */
    @Override
    public List<Leftover> leftovers() {
        return List.of();
    }

    @Override
    public void close() {}
}
