package dev.isolated.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the sandbox says to the server between two exchanges, and waits for. Used by whoever has the turn. */
final class Aside {

    private static final int PATIENCE_MILLIS = 30_000;
    private static final int HEADER = 5;
    private static final int COUNT = 2;
    private static final int LENGTH = 4;

    private final PhysicalConnection physical;

    Aside(PhysicalConnection physical) {
        this.physical = physical;
    }

    /**
     * The rows that a query returns, as texts; NULL is empty.
     *
     * @throws IOException also where the server raises an error, with its message
     */
    List<List<String>> query(String sql) throws IOException {
        Answer answer = ask(sql);
        if (!answer.error.isEmpty()) {
            throw new IOException(answer.error);
        }
        return answer.rows;
    }

    /** The message of the error that a statement raises; empty where it raises none. */
    String error(String sql) throws IOException {
        return ask(sql).error;
    }

    /** Rows, or the message of an error. */
    record Answer(List<List<String>> rows, String error) {}

    Answer ask(String sql) throws IOException {
        var message = new WireWriter();
        Wire.query(message, sql);
        physical.send(message);
        physical.readTimeout(PATIENCE_MILLIS);
        var rows = new ArrayList<List<String>>();
        String error = "";
        char type;
        do {
            type = physical.next();
            if (type == 'D') {
                rows.add(row(physical.buffer(), physical.messageStart() + HEADER));
            } else if (type == 'E') {
                error = Wire.field('M', physical.buffer(), physical.messageStart() + HEADER, physical.messageEnd());
            }
            physical.consume();
        } while (type != 'Z');
        return new Answer(rows, error);
    }

    private static List<String> row(byte[] bytes, int from) {
        int columns = (bytes[from] & 0xFF) << 8 | (bytes[from + 1] & 0xFF);
        int at = from + COUNT;
        var row = new ArrayList<String>();
        for (int column = 0; column < columns; column++) {
            int length = Math.max(0, Wire.int32(bytes, at));
            at += LENGTH;
            row.add(new String(bytes, at, length, StandardCharsets.UTF_8));
            at += length;
        }
        return row;
    }
}
