package dev.isolated.container;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;

/**
 * Where the ports of an engine's containers are reached, and where they are bound. Immutable.
 *
 * @param host as this JVM reaches it
 * @param binding loopback, unless the engine is on another machine than this JVM
 */
record EngineAddress(String host, String binding) {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String EVERYWHERE = "0.0.0.0";
    private static final Set<String> REMOTE = Set.of("tcp", "http", "https");

    /** Of the engine at a URI; {@code override} is the host where somebody knows better, else empty. */
    static EngineAddress of(URI engine, String override) {
        String host = LOOPBACK;
        if (!override.isEmpty()) {
            host = override;
        } else if (REMOTE.contains(String.valueOf(engine.getScheme()))) {
            host = engine.getHost();
        }
        return loopback(host) ? new EngineAddress(LOOPBACK, LOOPBACK) : new EngineAddress(host, EVERYWHERE);
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
