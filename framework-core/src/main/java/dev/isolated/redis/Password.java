package dev.isolated.redis;

import dev.isolated.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** How a server is told a password without learning it. Stateless. */
final class Password {

    private Password() {}

    /** The rule that gives a user this password. */
    static String rule(Secret password) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(password.reveal().getBytes(StandardCharsets.UTF_8));
            return "#" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** The command that gives a user another one, and changes no right of it. */
    static List<String> changing(String user, Secret password) {
        return List.of("ACL", "SETUSER", user, "resetpass", rule(password));
    }
}
