package dev.isolated.postgres;

import java.nio.charset.StandardCharsets;

/** Pieces of PostgreSQL's protocol, version 3. */
final class Wire {

    static final int PROTOCOL_3 = 3 << 16;
    static final int CANCEL_REQUEST = 1234 << 16 | 5678;
    static final int SSL_REQUEST = 1234 << 16 | 5679;
    static final int GSS_REQUEST = 1234 << 16 | 5680;

    private Wire() {}

    static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | (bytes[at + 3] & 0xFF);
    }

    static int int16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    /** Where the zero is that ends the text which begins at {@code from}. */
    static int textEnd(byte[] bytes, int from) {
        int end = from;
        while (bytes[end] != 0) {
            end++;
        }
        return end;
    }

    static String text(byte[] bytes, int from) {
        return new String(bytes, from, textEnd(bytes, from) - from, StandardCharsets.UTF_8);
    }

    static void sync(WireWriter out) {
        out.begin('S').end();
    }

    static void ready(WireWriter out, char status) {
        out.begin('Z').octet(status).end();
    }

    static void complete(WireWriter out, String tag) {
        out.begin('C').text(tag).end();
    }

    static void query(WireWriter out, String sql) {
        out.begin('Q').text(sql).end();
    }

    /** Prepares, binds and executes a statement without a name. */
    static void statement(WireWriter out, String sql) {
        out.begin('P').text("").text(sql).int16(0).end();
        out.begin('B').text("").text("").int16(0).int16(0).int16(0).end();
        out.begin('E').text("").int32(0).end();
    }

    static void closeStatement(WireWriter out, String name) {
        out.begin('C').octet('S').text(name).end();
    }

    static void closePortal(WireWriter out, String name) {
        out.begin('C').octet('P').text(name).end();
    }

    static void failCopy(WireWriter out, String reason) {
        out.begin('f').text(reason).end();
    }

    /** One field of an {@code ErrorResponse}'s body; empty where it is not there. */
    static String field(char type, byte[] bytes, int from, int to) {
        for (int at = from; at < to && bytes[at] != 0; at = textEnd(bytes, at) + 1) {
            if (bytes[at] == type) {
                return text(bytes, at + 1);
            }
        }
        return "";
    }

    /** Message and code of an {@code ErrorResponse}'s body. */
    static String errorMessage(byte[] bytes, int from, int to) {
        return field('M', bytes, from, to) + " (SQLSTATE " + field('C', bytes, from, to) + ")";
    }

    /**
     * Copies an error or a notice.
     *
     * @param shift how far behind the position that it names is the one that is meant
     * @param hint what is said behind its own hint, if it has one; empty for nothing
     */
    static void amended(byte[] bytes, int start, int end, int shift, String hint, WireWriter out) {
        out.begin((char) bytes[start]);
        int at = start + 5;
        while (at < end && bytes[at] != 0) {
            int next = textEnd(bytes, at) + 1;
            if (bytes[at] == 'P') {
                out.octet('P').text(Integer.toString(Integer.parseInt(text(bytes, at + 1)) + shift));
            } else if (bytes[at] != 'H' || hint.isEmpty()) {
                out.raw(bytes, at, next);
            }
            at = next;
        }
        if (!hint.isEmpty()) {
            String own = field('H', bytes, start + 5, end);
            out.octet('H').text(own.isEmpty() ? hint : own + " " + hint);
        }
        out.octet(0).end();
    }

    /** Copies an error or a notice without the fields that say where in the server or in which function it arose. */
    static void withoutOrigin(byte[] bytes, int start, int end, WireWriter out) {
        out.begin((char) bytes[start]);
        int at = start + 5;
        while (at < end && bytes[at] != 0) {
            int next = textEnd(bytes, at) + 1;
            if ("WFLRpqP".indexOf(bytes[at]) < 0) {
                out.raw(bytes, at, next);
            }
            at = next;
        }
        out.octet(0).end();
    }
}
