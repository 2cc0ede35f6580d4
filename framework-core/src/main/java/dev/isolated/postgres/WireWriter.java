package dev.isolated.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer of PostgreSQL protocol messages. Not thread-safe. */
final class WireWriter {

    private static final int INITIAL = 8 * 1024;
    private static final int KEPT = 256 * 1024;

    private byte[] bytes = new byte[INITIAL];
    private int length;
    private int start;

    /** Begins a message; everything until {@link #end} is its body. */
    WireWriter begin(char type) {
        octet(type);
        start = length;
        return int32(0);
    }

    /** Completes the message's length. */
    WireWriter end() {
        int size = length - start;
        bytes[start] = (byte) (size >>> 24);
        bytes[start + 1] = (byte) (size >>> 16);
        bytes[start + 2] = (byte) (size >>> 8);
        bytes[start + 3] = (byte) size;
        return this;
    }

    WireWriter octet(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    WireWriter int16(int value) {
        return octet(value >>> 8).octet(value);
    }

    WireWriter int32(int value) {
        return int16(value >>> 16).int16(value);
    }

    /** Text with the zero that ends it. */
    WireWriter text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return raw(encoded, 0, encoded.length).octet(0);
    }

    WireWriter raw(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    /** Copies everything to the end of another one, and keeps it. */
    void appendTo(WireWriter other) {
        other.raw(bytes, 0, length);
    }

    int length() {
        return length;
    }

    /** Writes everything to a stream in one piece and is empty again. */
    void drainTo(OutputStream out) throws IOException {
        int size = length;
        clear();
        out.write(bytes, 0, size);
        out.flush();
        shrink();
    }

    /** Takes up to {@code size} bytes from the front, beginning at {@code from}. */
    int copy(int from, byte[] target, int offset, int size) {
        int count = Math.min(size, length - from);
        System.arraycopy(bytes, from, target, offset, count);
        return count;
    }

    void clear() {
        length = 0;
    }

    /** Gives back the memory that an unusually large message has taken; only when empty. */
    void shrink() {
        if (length == 0 && bytes.length > KEPT) {
            bytes = new byte[INITIAL];
        }
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
