package dev.isolated.embedded.front;

import com.clickhouse.data.ClickHouseCityHash;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/** Writes ClickHouse's own compressed frames: a checksum, the method, both sizes, and LZ4. Used by one thread. */
final class FrameOutput extends OutputStream {

    /** What says that a frame is LZ4. */
    static final byte LZ4 = (byte) 0x82;

    static final int CHECKSUM = 16;
    static final int HEADER = 9;

    private static final int MOST = 1 << 16;

    private final OutputStream frames;
    private final LZ4Compressor compressor = LZ4Factory.fastestJavaInstance().fastCompressor();
    private final byte[] plain = new byte[MOST];
    private final byte[] frame = new byte[CHECKSUM + HEADER + compressor.maxCompressedLength(MOST)];
    private int filled;

    FrameOutput(OutputStream frames) {
        this.frames = frames;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = offset, left = length; left > 0; ) {
            int part = Math.min(left, MOST - filled);
            System.arraycopy(bytes, at, plain, filled, part);
            filled += part;
            at += part;
            left -= part;
            if (filled == MOST) {
                writeFrame();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (filled > 0) {
            writeFrame();
        }
        frames.flush();
    }

    @Override
    public void close() throws IOException {
        flush();
        frames.close();
    }

    private void writeFrame() throws IOException {
        int compressed = compressor.compress(plain, 0, filled, frame, CHECKSUM + HEADER);
        ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(CHECKSUM);
        buffer.put(LZ4).putInt(compressed + HEADER).putInt(filled);
        long[] checksum = checksum(frame, CHECKSUM, compressed + HEADER);
        buffer.position(0);
        buffer.putLong(checksum[0]).putLong(checksum[1]);
        frames.write(frame, 0, CHECKSUM + HEADER + compressed);
        filled = 0;
    }

    /** ClickHouse's variant of CityHash, which no other library has. */
    @SuppressWarnings("deprecation")
    static long[] checksum(byte[] bytes, int offset, int length) {
        return ClickHouseCityHash.cityHash128(bytes, offset, length);
    }
}
