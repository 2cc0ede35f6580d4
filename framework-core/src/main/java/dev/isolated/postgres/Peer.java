package dev.isolated.postgres;

import java.io.IOException;

/**
 * What a driver finds at the other end of a {@link VirtualSocket}. One thread writes, one reads, any may close. Where it
 * has to wait, it waits at most so many milliseconds as it is told; 0 is for ever.
 */
interface Peer {

    void write(byte[] source, int offset, int length, int timeoutMillis) throws IOException;

    void flush(int timeoutMillis) throws IOException;

    /** Waits for answers; -1 when there will be none. */
    int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException;

    /** How many bytes of answers are there already. */
    int available() throws IOException;

    void close() throws IOException;
}
