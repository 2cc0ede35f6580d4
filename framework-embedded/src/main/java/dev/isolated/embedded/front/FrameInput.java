package dev.isolated.embedded.front;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** Reads ClickHouse's own compressed frames. Used by one thread. */
final class FrameInput extends InputStream {

    private static final int HEAD = FrameOutput.CHECKSUM + FrameOutput.HEADER;
    private static final int MOST = 1 << 27;

    /** What drivers send takes less, in both its forms. */
    private static final int SMALL = 1 << 22;

    private final InputStream frames;
    private final Allowance.Share share;
    private final LZ4SafeDecompressor decompressor =
            LZ4Factory.fastestJavaInstance().safeDecompressor();
    private byte[] plain = {};
    private int room = SMALL;
    private int at;

    /** Frames that are not small need some of a share. */
    FrameInput(InputStream frames, Allowance.Share share) {
        this.frames = frames;
        this.share = share;
    }

    @Override
    public int read() throws IOException {
        return at < plain.length || readFrame() ? plain[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == plain.length && !readFrame()) {
            return -1;
        }
        int part = Math.min(length, plain.length - at);
        System.arraycopy(plain, at, bytes, offset, part);
        at += part;
        return part;
    }

    private boolean readFrame() throws IOException {
        byte[] head = frames.readNBytes(HEAD);
        if (head.length == 0) {
            return false;
        }
        if (head.length < HEAD) {
            throw corrupt("the body ends within the head of a compressed frame");
        }
        ByteBuffer buffer = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int compressed = buffer.getInt(FrameOutput.CHECKSUM + 1);
        int size = buffer.getInt(FrameOutput.CHECKSUM + 1 + Integer.BYTES);
        if (head[FrameOutput.CHECKSUM] != FrameOutput.LZ4
                || compressed < FrameOutput.HEADER
                || compressed > MOST
                || size < 0
                || size > MOST) {
            throw corrupt("the body is not compressed with LZ4 in ClickHouse's frames");
        }
        makeRoom(compressed + size);
        var checked = new byte[compressed];
        System.arraycopy(head, FrameOutput.CHECKSUM, checked, 0, FrameOutput.HEADER);
        if (frames.readNBytes(checked, FrameOutput.HEADER, compressed - FrameOutput.HEADER)
                < compressed - FrameOutput.HEADER) {
            throw corrupt("the body ends within a compressed frame");
        }
        long[] checksum = FrameOutput.checksum(checked, 0, compressed);
        if (checksum[0] != buffer.getLong(0) || checksum[1] != buffer.getLong(Long.BYTES)) {
            throw corrupt("the checksum of a compressed frame is wrong");
        }
        plain = decompressed(checked, size);
        at = 0;
        return plain.length > 0 || readFrame();
    }

    private void makeRoom(int bytes) throws IOException {
        if (bytes > room) {
            try {
                share.take(bytes - room);
            } catch (EngineException e) {
                throw new IOException(e);
            }
            room = bytes;
        }
    }

    private byte[] decompressed(byte[] frame, int size) throws IOException {
        try {
            return decompressor.decompress(frame, FrameOutput.HEADER, frame.length - FrameOutput.HEADER, size);
        } catch (LZ4Exception e) {
            throw corrupt("a compressed frame is no LZ4: " + e.getMessage());
        }
    }

    private static IOException corrupt(String what) {
        return new IOException(EngineException.refused(EngineException.CANNOT_DECOMPRESS, "CANNOT_DECOMPRESS", what));
    }
}
