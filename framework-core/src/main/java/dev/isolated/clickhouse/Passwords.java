package dev.isolated.clickhouse;

import dev.isolated.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How a server is told a password without learning it. Stateless. */
final class Passwords {

    private Passwords() {}

    /** The words that give a user this password. */
    static String identifiedBy(Secret password) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(password.reveal().getBytes(StandardCharsets.UTF_8));
            return "IDENTIFIED WITH sha256_hash BY '" + HexFormat.of().formatHex(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
