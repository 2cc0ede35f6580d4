package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProgramsTest {

    private static final Duration LIMIT = Duration.ofMillis(500);

    @Test
    void programThatDoesNotEndIsKilledAtItsLimitAndQuoted() {
        assertThatThrownBy(() -> Programs.run(shell("echo half; sleep 60"), "the program", LIMIT, stream -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("the program did not end within 500 ms; it said: half");
    }

    @Test
    void programThatDoesNotReadItsInputIsKilledAtItsLimitToo() {
        assertThatThrownBy(() -> Programs.run(
                        shell("sleep 60"), "the program", LIMIT, stream -> stream.write(new byte[1 << 20])))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the program did not end within 500 ms");
    }

    @Test
    void childThatKeepsTheOutputOpenHoldsNobodyUp() {
        assertThatCode(() -> Programs.run(shell("sleep 30 & echo done"), "the program"))
                .doesNotThrowAnyException();
    }

    @Test
    void programThatDiesWhileItReadsIsQuotedInsteadOfItsBrokenPipe() {
        assertThatThrownBy(() -> Programs.run(
                        shell("echo no room >&2; exit 2"), "the program", stream -> stream.write(new byte[1 << 20])))
                .isInstanceOf(IOException.class)
                .hasMessage("the program failed with status 2: no room");
    }

    private static ProcessBuilder shell(String script) {
        return new ProcessBuilder("/bin/sh", "-c", script);
    }
}
