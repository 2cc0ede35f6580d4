package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The token by which a JDBC URL leads to a sandbox: made when somebody asks for it, dead with the lease. Thread-safe. */
final class UrlToken {

    private @Nullable String argument;

    /** A URL for pgjdbc in this JVM. */
    String url(Login login, Sandbox sandbox) {
        String token = issue(sandbox.tenant().name(), () -> VirtualSocket.to(sandbox.connect()));
        return login.url() + "?socketFactory=" + SandboxSocketFactory.class.getName() + "&socketFactoryArg="
                + URLEncoder.encode(token, StandardCharsets.UTF_8)
                + "&sslmode=disable&gssEncMode=disable&assumeMinServerVersion=14";
    }

    private synchronized String issue(String test, Sockets sockets) {
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
