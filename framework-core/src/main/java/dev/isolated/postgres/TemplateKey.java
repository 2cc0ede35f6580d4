package dev.isolated.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a template's content is known by: everything that it was made from, in its order, and the server's version and
 * locale. Immutable.
 */
record TemplateKey(String text) {

    /** Counted up when the way changes in which templates are made. */
    private static final String LAYOUT = "1";

    private static final int DIGITS = 16;
    private static final int LOCK_DIGITS = 8;

    /** Before the first layer: the server, and who administers it. */
    static TemplateKey of(String server) {
        return new TemplateKey(digest(LAYOUT, server));
    }

    /** With a further layer, whose content is known by that. */
    TemplateKey with(String fingerprint) {
        return new TemplateKey(digest(text, fingerprint));
    }

    String database() {
        return "isolated_template_" + text;
    }

    /** What it is called until it is complete. */
    String building() {
        return "isolated_building_" + text;
    }

    /** The number by which it is locked. */
    int lock() {
        return Integer.parseUnsignedInt(text.substring(0, LOCK_DIGITS), 16);
    }

    private static String digest(String before, String content) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(before.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
            sha.update(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
