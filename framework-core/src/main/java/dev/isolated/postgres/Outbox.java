package dev.isolated.postgres;

/** What is ready for a driver to read. Guarded by its session. */
final class Outbox {

    private final WireWriter messages = new WireWriter();
    private int read;

    int available() {
        return messages.length() - read;
    }

    /** Hands the driver what is ready. */
    int read(byte[] target, int offset, int length) {
        int count = messages.copy(read, target, offset, length);
        read += count;
        if (read == messages.length()) {
            messages.clear();
            messages.shrink();
            read = 0;
        }
        return count;
    }

    /** Where an answer of the sandbox's own is written. */
    WireWriter writer() {
        return messages;
    }

    /** Passes the server's current message on as it is. */
    void pass(PhysicalConnection physical) {
        messages.raw(physical.buffer(), physical.messageStart(), physical.messageEnd());
    }
}
