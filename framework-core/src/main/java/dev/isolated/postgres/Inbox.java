package dev.isolated.postgres;

import java.util.Arrays;

/** What a driver has written and nobody has acted on yet, cut into messages. Not thread-safe. */
final class Inbox {

    private static final int INITIAL = 8 * 1024;
    private static final int KEPT = 256 * 1024;
    private static final int LENGTH = 4;

    private byte[] bytes = new byte[INITIAL];
    private int start;
    private int to;
    private int body;

    void add(byte[] source, int offset, int length) {
        if (to + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, to + length));
        }
        System.arraycopy(source, offset, bytes, to, length);
        to += length;
    }

    /** Whether a whole message is there, with a type or, as the first of a connection, without. */
    boolean complete(boolean typed) {
        int length = typed ? start + 1 : start;
        body = length + LENGTH;
        return to >= body && to >= length + Wire.int32(bytes, length);
    }

    byte[] bytes() {
        return bytes;
    }

    char type() {
        return (char) bytes[start];
    }

    /** Where the current message's body begins. */
    int body() {
        return body;
    }

    /** Where the current message ends. */
    int end() {
        return body - LENGTH + Wire.int32(bytes, body - LENGTH);
    }

    /** Whether the current message is nothing but an empty text. */
    boolean blank() {
        return end() - body == 1;
    }

    /** Goes behind the current message. */
    void consume() {
        start = end();
    }

    /** Makes room, when all complete messages are consumed. */
    void compact() {
        if (start == 0) {
            return;
        }
        if (start == to && bytes.length > KEPT) {
            bytes = new byte[INITIAL];
        } else {
            System.arraycopy(bytes, start, bytes, 0, to - start);
        }
        to -= start;
        start = 0;
    }

    /** How much is held back. */
    int size() {
        return to - start;
    }
}
