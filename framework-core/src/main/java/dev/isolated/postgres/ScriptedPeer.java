package dev.isolated.postgres;

/** A peer whose answers were written before anybody asked. Used by one driver connection at a time. */
final class ScriptedPeer implements Peer {

    private final WireWriter answers;
    private int read;

    ScriptedPeer(WireWriter answers) {
        this.answers = answers;
    }

    @Override
    public void write(byte[] source, int offset, int length, int timeoutMillis) {
        // Whatever it asks, the answer is the same.
    }

    @Override
    public void flush(int timeoutMillis) {
        // Nothing is held back.
    }

    @Override
    public int read(byte[] target, int offset, int length, int timeoutMillis) {
        int count = answers.copy(read, target, offset, length);
        read += count;
        return count == 0 ? -1 : count;
    }

    @Override
    public int available() {
        return answers.length() - read;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
