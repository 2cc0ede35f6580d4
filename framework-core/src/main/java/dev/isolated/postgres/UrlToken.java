package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import org.jspecify.annotations.Nullable;

/** The token by which a JDBC URL leads to a sandbox: made when somebody asks for it, dead with the lease. Thread-safe. */
final class UrlToken {

    private @Nullable String argument;

    synchronized String issue(String test, Sockets sockets) {
        if (argument == null) {
            argument = Secret.random().reveal() + "/" + test;
            SandboxSocketFactory.register(argument, sockets);
        }
        return argument;
    }

    synchronized void revoke() {
        if (argument != null) {
            SandboxSocketFactory.unregister(argument);
            argument = null;
        }
    }
}
