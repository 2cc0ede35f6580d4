package dev.isolated.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * That a statement sets a parameter of its session, such as {@code search_path}, or of its transaction only. Immutable.
 *
 * @param name which; empty where a bind parameter says so
 * @param nameFrom that bind parameter's number, else zero
 * @param local whether it is for the transaction only
 * @param localFrom the number of the bind parameter that says so, else zero
 * @param reset whether it is set to what the connection began with
 */
record ParameterChange(String name, int nameFrom, boolean local, int localFrom, boolean reset) {

    ParameterChange {
        name = name.toLowerCase(Locale.ROOT);
    }

    static ParameterChange session(String name, boolean reset) {
        return new ParameterChange(name, 0, false, 0, reset);
    }

    static ParameterChange local(String name) {
        return new ParameterChange(name, 0, true, 0, false);
    }

    boolean resolved() {
        return nameFrom == 0 && localFrom == 0;
    }

    /** Its own, not the transaction's alone, and one that can be read: what has to be kept for a connection. */
    boolean kept() {
        return nameFrom != 0 || !(name.startsWith("transaction_") || name.equals("seed") || name.isEmpty());
    }

    /** The same with the values that a {@code Bind} message gives its parameters, which begin at {@code at}. */
    ParameterChange with(byte[] bytes, int at) {
        String bound = nameFrom == 0 ? name : value(bytes, at, nameFrom);
        boolean transaction = localFrom == 0 ? local : truth(bytes, at, localFrom);
        return new ParameterChange(bound == null ? "" : bound, 0, transaction, 0, reset);
    }

    private static boolean truth(byte[] bytes, int at, int number) {
        String value = value(bytes, at, number);
        return value != null
                && (value.equalsIgnoreCase("on") || (!value.isEmpty() && "tTyY1\1".indexOf(value.charAt(0)) >= 0));
    }

    /** A text or a truth value, which are alike in both formats but for the binary true. */
    private static @Nullable String value(byte[] bytes, int at, int number) {
        int formats = Wire.int16(bytes, at);
        int value = at + 2 + 2 * formats;
        int count = Wire.int16(bytes, value);
        value += 2;
        for (int i = 1; i <= count; i++) {
            int length = Wire.int32(bytes, value);
            if (i == number) {
                return length < 0 ? null : new String(bytes, value + 4, length, StandardCharsets.UTF_8);
            }
            value += 4 + Math.max(0, length);
        }
        return null;
    }
}
