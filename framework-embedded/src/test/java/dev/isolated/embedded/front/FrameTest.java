package dev.isolated.embedded.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {

    @Test
    void whatIsWrittenInFramesIsReadFromThem() throws IOException {
        var random = new Random(42);
        for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 1_000_000}) {
            var plain = new byte[length];
            random.nextBytes(plain);
            Arrays.fill(plain, length / 2, length, (byte) 'a');
            assertThat(framesOf(new ByteArrayInputStream(framed(plain))).readAllBytes())
                    .isEqualTo(plain);
        }
    }

    @Test
    void framesThatAreDamagedOrCutAreRefused() throws IOException {
        byte[] frames = framed("a hundred times the same ".repeat(100).getBytes(StandardCharsets.UTF_8));
        byte[] damaged = frames.clone();
        damaged[frames.length - 1] ^= 1;
        assertThatThrownBy(() -> framesOf(new ByteArrayInputStream(damaged)).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checksum");
        byte[] cut = Arrays.copyOf(frames, frames.length - 1);
        assertThatThrownBy(() -> framesOf(new ByteArrayInputStream(cut)).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ends within a compressed frame");
        assertThatThrownBy(
                        () -> framesOf(new ByteArrayInputStream(new byte[100])).readAllBytes())
                .hasMessageContaining("not compressed with LZ4");
    }

    private static byte[] framed(byte[] plain) throws IOException {
        var frames = new ByteArrayOutputStream();
        try (var output = new FrameOutput(frames)) {
            output.write(plain);
        }
        return frames.toByteArray();
    }

    private static FrameInput framesOf(ByteArrayInputStream bytes) {
        return new FrameInput(bytes, new Allowance(1 << 20, Duration.ZERO).share());
    }
}
