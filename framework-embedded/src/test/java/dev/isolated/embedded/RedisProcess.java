package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.spi.Server;
import java.io.IOException;

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
    void stop() throws IOException, InterruptedException {
        signal("STOP", pid);
    }

    void kill() throws IOException, InterruptedException {
        signal("KILL", pid);
    }

    static void signal(String name, long pid) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .start()
                .waitFor();
        assertThat(status).as("the status of kill").isZero();
    }
}
