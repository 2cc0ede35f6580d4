package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Secret;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes clusters of three servers that have a third of the slots each, and one password. Stateless. */
final class Cluster {

    private static final List<String> OPTIONS = Stream.concat(
                    Instance.DATABASES.stream(), Stream.of("--cluster-enabled", "yes"))
            .toList();
    private static final int NODES = 3;
    private static final int SLOTS = 16_384;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Cluster() {}

    static Instance start(OwnServers own) {
        var nodes = new ArrayList<Server>();
        try {
            for (int i = 0; i < NODES; i++) {
                nodes.add(own.start(OPTIONS));
            }
            return new Instance(joined(nodes));
        } catch (RuntimeException e) {
            endAfter(e, new Instance(nodes));
            throw e;
        }
    }

    private static List<Server> joined(List<Server> nodes) {
        Secret password = Secret.random();
        var joined = new ArrayList<Server>();
        for (int i = 0; i < NODES; i++) {
            Server node = nodes.get(i);
            try (RedisAdmin admin = RedisAdmin.connect(node)) {
                admin.await("make " + node.describe() + " part of a cluster", admin.send(commands(nodes, i, password)))
                        .forEach(Reply::require);
            }
            joined.add(node.withPassword(password, node.version()));
        }
        joined.forEach(Cluster::awaitWhole);
        return joined;
    }

    private static List<List<String>> commands(List<Server> nodes, int number, Secret password) {
        Server node = nodes.get(number);
        var slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        IntStream.range(SLOTS * number / NODES, SLOTS * (number + 1) / NODES)
                .mapToObj(Integer::toString)
                .forEach(slots::add);
        Server first = nodes.get(0);
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("ACL", "SETUSER", node.endpoint().user(), "resetpass", Password.rule(password)));
        lines.add(slots);
        if (number > 0) {
            String port = Integer.toString(first.endpoint().port());
            lines.add(List.of("CLUSTER", "MEET", first.endpoint().host(), port));
        }
        return lines;
    }

    /** A node takes two seconds before it believes in its cluster. */
    private static void awaitWhole(Server node) {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        try (RedisAdmin admin = RedisAdmin.connect(node)) {
            while (true) {
                String info = admin.ask("ask " + node.describe() + " about its cluster", "CLUSTER", "INFO")
                        .text();
                if (info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + NODES)) {
                    return;
                }
                if (System.nanoTime() > limit || Thread.currentThread().isInterrupted()) {
                    throw notWhole(node, info);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static IsolationException notWhole(Server node, String info) {
        return new IsolationException(
                Explanation.couldNot("make a cluster with " + node.describe())
                        .expected(NODES + " nodes that know each other within " + PATIENCE.toSeconds() + " s")
                        .found(info.strip().replaceAll("\\s+", " "))
                        .next(
                                "use embedded servers: those in containers do not find each other under the addresses they have here"));
    }

    private static void endAfter(RuntimeException failure, Instance instance) {
        try {
            instance.close();
        } catch (RuntimeException again) {
            failure.addSuppressed(again);
        }
    }
}
