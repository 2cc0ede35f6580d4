package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class EngineAddressTest {

    private static final EngineAddress LOOPBACK = new EngineAddress("127.0.0.1", "127.0.0.1");

    @Test
    void portsOfAnEngineOnThisMachineAreBoundOnLoopback() {
        assertThat(EngineAddress.of(URI.create("unix:///var/run/docker.sock"), ""))
                .isEqualTo(LOOPBACK);
        assertThat(EngineAddress.of(URI.create("npipe:////./pipe/docker_engine"), ""))
                .isEqualTo(LOOPBACK);
        assertThat(EngineAddress.of(URI.create("tcp://localhost:2375"), "")).isEqualTo(LOOPBACK);
        assertThat(EngineAddress.of(URI.create("unix:///var/run/docker.sock"), "127.0.0.1"))
                .isEqualTo(LOOPBACK);
    }

    @Test
    void portsOfAnEngineElsewhereAreBoundWhereTheyCanBeReached() {
        assertThat(EngineAddress.of(URI.create("tcp://192.0.2.7:2375"), ""))
                .isEqualTo(new EngineAddress("192.0.2.7", "0.0.0.0"));
        assertThat(EngineAddress.of(URI.create("unix:///var/run/docker.sock"), "192.0.2.1"))
                .isEqualTo(new EngineAddress("192.0.2.1", "0.0.0.0"));
    }
}
