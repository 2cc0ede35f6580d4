package dev.isolated.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {

    private final Names names = new Names(7);
    private final WireWriter out = new WireWriter();

    @Test
    void nameBearsTheNumberOfItsSession() {
        byte[] text = "S_1\0".getBytes(UTF_8);
        names.write(out, text, 0);
        assertThat(written()).isEqualTo("7.S_1\0");
        assertThat(names.onServer("S_1")).isEqualTo("7.S_1");
    }

    @Test
    void unnamedIsShared() {
        names.write(out, new byte[1], 0);
        assertThat(written()).isEqualTo("\0");
        assertThat(names.onServer("")).isEmpty();
    }

    @Test
    void restOfTheMessageIsLeftAsItIs() {
        byte[] close = "...SS_1\0rest".getBytes(UTF_8);
        names.writeMessage(out, 'C', close, 3, 4, close.length);
        assertThat(written()).isEqualTo("C\0\0\0\u000fS7.S_1\0rest");
    }

    private String written() {
        var bytes = new byte[out.length()];
        out.copy(0, bytes, 0, bytes.length);
        return new String(bytes, UTF_8);
    }
}
