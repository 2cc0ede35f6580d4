package dev.isolated.postgres;

import java.nio.charset.StandardCharsets;

/**
 * What a session's statements and portals are called on the server, where all sessions of a sandbox are one: the session's
 * number comes first. The unnamed ones live no longer than an exchange and are shared. Immutable.
 */
final class Names {

    private final String prefix;
    private final byte[] encoded;

    Names(int number) {
        prefix = number + ".";
        encoded = prefix.getBytes(StandardCharsets.US_ASCII);
    }

    String onServer(String name) {
        return name.isEmpty() ? name : prefix + name;
    }

    /** Writes the name that begins at {@code from}, as it is on the server. */
    void write(WireWriter out, byte[] bytes, int from) {
        int end = Wire.textEnd(bytes, from);
        if (end > from) {
            out.raw(encoded, 0, encoded.length);
        }
        out.raw(bytes, from, end + 1);
    }

    /** Writes a message in which one name, beginning at {@code name}, is replaced. */
    void writeMessage(WireWriter out, char type, byte[] bytes, int body, int name, int end) {
        out.begin(type).raw(bytes, body, name);
        write(out, bytes, name);
        out.raw(bytes, Wire.textEnd(bytes, name) + 1, end).end();
    }
}
