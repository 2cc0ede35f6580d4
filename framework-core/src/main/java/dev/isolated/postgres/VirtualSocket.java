package dev.isolated.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;

/**
 * The driver's end of a {@link Peer}: a socket with no operating system beneath it, so that most of its options are only
 * remembered. As with any socket, one thread may read while another writes, and any may close.
 */
@SuppressWarnings(
        "UnsynchronizedOverridesSynchronized") // its state is volatile, and closing must not wait for a reader
final class VirtualSocket extends Socket {

    private static final int BUFFER_SIZE = 64 * 1024;

    private final Peer peer;
    private volatile int timeoutMillis;
    private volatile boolean closed;
    private volatile boolean noDelay = true;
    private volatile boolean keepAlive;
    private volatile int receiveBuffer = BUFFER_SIZE;
    private volatile int sendBuffer = BUFFER_SIZE;

    private VirtualSocket(Peer peer) throws SocketException {
        super((SocketImpl) null);
        this.peer = peer;
    }

    static Socket to(Peer peer) {
        try {
            return new VirtualSocket(peer);
        } catch (SocketException e) {
            throw new UncheckedIOException("a socket without an implementation cannot fail to be made", e);
        }
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            private final byte[] single = new byte[1];

            @Override
            public int read() throws IOException {
                return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                requireOpen();
                return peer.read(target, offset, length, timeoutMillis);
            }

            @Override
            public int available() throws IOException {
                return peer.available();
            }

            @Override
            public void close() throws IOException {
                VirtualSocket.this.close();
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            private final byte[] single = new byte[1];

            @Override
            public void write(int value) throws IOException {
                single[0] = (byte) value;
                write(single, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                requireOpen();
                peer.write(source, offset, length, timeoutMillis);
            }

            @Override
            public void flush() throws IOException {
                requireOpen();
                peer.flush(timeoutMillis);
            }

            @Override
            public void close() throws IOException {
                VirtualSocket.this.close();
            }
        };
    }

    @Override
    public void close() throws IOException {
        closed = true;
        peer.close();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) {
        // Connected from the start.
    }

    @Override
    public void setSoTimeout(int timeout) {
        timeoutMillis = timeout;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        noDelay = on;
    }

    @Override
    public boolean getTcpNoDelay() {
        return noDelay;
    }

    @Override
    public void setKeepAlive(boolean on) {
        keepAlive = on;
    }

    @Override
    public boolean getKeepAlive() {
        return keepAlive;
    }

    @Override
    public void setReceiveBufferSize(int size) {
        receiveBuffer = size;
    }

    @Override
    public int getReceiveBufferSize() {
        return receiveBuffer;
    }

    @Override
    public void setSendBufferSize(int size) {
        sendBuffer = size;
    }

    @Override
    public int getSendBufferSize() {
        return sendBuffer;
    }

    @Override
    public void setSoLinger(boolean on, int linger) {
        // Nothing is left to send at close.
    }

    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), getPort());
    }

    @Override
    public String toString() {
        return "VirtualSocket[" + peer + "]";
    }

    private void requireOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }
}
