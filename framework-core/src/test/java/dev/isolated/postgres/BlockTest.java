package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockTest {

    private final Block block = new Block();

    @Test
    void chainedTransactionIsReadOnlyIfTheOneBeforeWas() {
        say("begin read only", "commit and chain", "rollback and chain");
        assertThat(block.readOnly(false)).isTrue();
        say("commit", "begin");
        assertThat(block.readOnly(false)).isFalse();
    }

    @Test
    void failureUndoesWhatWasSaidLastButNotWhatWasChained() {
        say("begin read only");
        assertThat(block.readOnly(true)).isFalse();
        say("savepoint s");
        assertThat(block.readOnly(true)).isTrue();
        say("commit and chain");
        assertThat(block.readOnly(true)).isTrue();
    }

    @Test
    void readOnlyThatWasSaidAboveASavepointEndsWithIt() {
        say("begin", "savepoint s", "set transaction read only");
        assertThat(block.readOnly(false)).isTrue();
        say("rollback to s");
        assertThat(block.readOnly(false)).isFalse();
        say("set transaction read only", "release s");
        assertThat(block.readOnly(false)).isFalse();
    }

    private void say(String... statements) {
        for (String sql : statements) {
            block.note(Control.of(sql), false);
        }
    }
}
