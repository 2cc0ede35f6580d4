package dev.isolated.postgres;

import dev.isolated.spi.Tenant;

/** What a JDBC URL leads to when its test has ended: an error that names the test. */
final class EndedPeer implements Peer {

    private final WireWriter answer = new WireWriter();
    private int read;

    /** {@code argument} is a token, then a slash, then the test's name. */
    EndedPeer(String argument) {
        String test = argument.substring(argument.indexOf('/') + 1);
        new Refusal("57P01", new Tenant(test).whatEnded().toString(), "").write(answer, "FATAL");
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        // Whatever it asks, the answer is the same.
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public int read(byte[] target, int offset, int length, int timeoutMillis) {
        int count = answer.copy(read, target, offset, length);
        read += count;
        return count == 0 ? -1 : count;
    }

    @Override
    public int available() {
        return answer.length() - read;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
