package dev.isolated.container;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file with the end of what was written to it, of bounded size. Thread-safe. */
final class BoundedLog implements AutoCloseable {

    private static final int LAST_LINES = 20;

    private final Path file;
    private final int most;
    private final RandomAccessFile content;
    private boolean closed;

    BoundedLog(Path file, int most) throws IOException {
        this.file = file;
        this.most = most;
        content = new RandomAccessFile(file.toFile(), "rw");
    }

    Path file() {
        return file;
    }

    /** Adds to the end; where there is no room, the older half goes. */
    synchronized void write(byte[] bytes) throws IOException {
        if (closed) {
            return;
        }
        int from = Math.max(0, bytes.length - most / 2);
        if (content.length() + bytes.length > most) {
            byte[] kept = tail(most / 2);
            content.setLength(0);
            content.write(kept);
        }
        content.seek(content.length());
        content.write(bytes, from, bytes.length - from);
    }

    /** The last lines, or {@code none}. */
    synchronized String lastWords() {
        try {
            String end = closed ? "" : new String(tail(most / 2), StandardCharsets.UTF_8);
            List<String> lines = end.lines().filter(line -> !line.isBlank()).toList();
            return lines.isEmpty()
                    ? "none"
                    : String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "not to be read from " + file + ": " + e.getMessage();
        }
    }

    private byte[] tail(int size) throws IOException {
        long from = Math.max(0, content.length() - size);
        var bytes = new byte[(int) (content.length() - from)];
        content.seek(from);
        content.readFully(bytes);
        return bytes;
    }

    /** Removes the file. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        content.close();
        Files.deleteIfExists(file);
    }
}
