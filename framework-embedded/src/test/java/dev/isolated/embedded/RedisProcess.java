package dev.isolated.embedded;

import dev.isolated.spi.Server;

/** The process of an embedded Redis, and what the system may do to it. Immutable. */
record RedisProcess(long pid) {

    static RedisProcess of(Server server) {
        String info = new RedisProbe(server).asAdministrator(0, redis -> redis.info("server"));
        return new RedisProcess(info.lines()
                .filter(line -> line.startsWith("process_id:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .findFirst()
                .orElseThrow());
    }

    /** Has it stand still: its connections stay open and nobody answers on them. */
    void stop() {
        Signal.send("STOP", pid);
    }

    void kill() {
        Signal.send("KILL", pid);
    }
}
