package dev.isolated.postgres;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InsteadTest {

    private static final Standing AUTOCOMMIT = new Standing(true, true, false, Phase.IMPLICIT);
    private static final Standing OPEN = new Standing(true, true, false, Phase.EXPLICIT);
    private static final Standing FAILED = new Standing(true, true, false, Phase.FAILED);

    @ParameterizedTest
    @ValueSource(strings = {"select 1", "fetch c", "savepoint s", "declare c cursor for select 1", "set local a = 1"})
    void serverHasTheStatementItselfInATransactionBlock(String sql) {
        assertThat(instead(sql, OPEN)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"begin", "listen x", "deallocate all", "set transaction isolation level read uncommitted"})
    void inAFailedTransactionTheServerSaysSo(String sql) {
        assertThat(instead(sql, OPEN)).isNotNull();
        assertThat(instead(sql, FAILED)).isNull();
    }

    @Test
    void beginIsAnsweredWithoutTheServer() {
        assertThat(replaced("begin", AUTOCOMMIT)).satisfies(begin -> {
            assertThat(begin.commands()).isEmpty();
            assertThat(begin.sql()).isEmpty();
            assertThat(begin.effect()).isEqualTo(Effect.UNIT_BEGUN);
            assertThat(begin.tag()).isEqualTo("BEGIN");
        });
        assertThat(replaced("start transaction", AUTOCOMMIT).tag()).isEqualTo("START TRANSACTION");
    }

    @Test
    void readOnlyIsSaidAboveASavepointThatUndoesIt() {
        var first = new Standing(true, false, true, Phase.IMPLICIT);
        assertThat(replaced("begin read only", first).commands()).containsExactly(Command.SAVEPOINT, Command.READ_ONLY);
        assertThat(replaced("begin read only", AUTOCOMMIT).commands()).containsExactly(Command.READ_ONLY);
    }

    @Test
    void beginInATransactionOnlyWarns() {
        var begin = replaced("begin", OPEN);
        assertThat(begin.sql()).singleElement().asString().contains("25001", "already a transaction in progress");
        assertThat(begin.effect()).isEqualTo(Effect.NONE);
        assertThat(begin.tag()).isEqualTo("BEGIN");
    }

    @Test
    void commitKeepsTheUnitAndClosesCursorsWhereThereMayBeSome() {
        assertThat(replaced("commit", OPEN)).satisfies(commit -> {
            assertThat(commit.commands()).isEmpty();
            assertThat(commit.effect()).isEqualTo(Effect.UNIT_KEPT);
            assertThat(commit.tag()).isEqualTo("COMMIT");
        });
        var withCursors = Instead.of(Part.of("commit", true), OPEN, true, false, "T");
        assertThat(requireNonNull(withCursors).commands()).containsExactly(Command.CLOSE_CURSORS);
    }

    @Test
    void commitOfAFailedTransactionRollsBackAndSaysSo() {
        var commit = replaced("commit", FAILED);
        assertThat(commit.commands()).containsExactly(Command.ROLLBACK_TO);
        assertThat(commit.tag()).isEqualTo("ROLLBACK");
    }

    @Test
    void rollbackUndoesTheUnitOrInTheFirstTheTransaction() {
        assertThat(replaced("rollback", OPEN).commands()).containsExactly(Command.ROLLBACK_TO);
        var first = new Standing(true, false, true, Phase.EXPLICIT);
        assertThat(replaced("abort", first).commands()).containsExactly(Command.ROLLBACK);
    }

    @Test
    void chainedTransactionIsAboveASavepointOfItsOwnAndReadOnlyIfTheOneBeforeWas() {
        assertThat(chained("commit and chain", OPEN, false)).satisfies(chain -> {
            assertThat(chain.commands()).containsExactly(Command.RELEASE, Command.SAVEPOINT);
            assertThat(chain.effect()).isEqualTo(Effect.UNIT_CHAINED);
            assertThat(chain.tag()).isEqualTo("COMMIT");
        });
        var first = new Standing(true, false, true, Phase.EXPLICIT);
        assertThat(chained("commit and chain", first, true).commands())
                .containsExactly(Command.SAVEPOINT, Command.READ_ONLY);
        assertThat(chained("rollback and chain", OPEN, true).commands())
                .containsExactly(Command.ROLLBACK_TO, Command.READ_ONLY);
        assertThat(chained("rollback and chain", first, true).commands())
                .containsExactly(Command.ROLLBACK, Command.BEGIN, Command.SAVEPOINT, Command.READ_ONLY);
        assertThat(chained("commit and chain", FAILED, false)).satisfies(chain -> {
            assertThat(chain.commands()).containsExactly(Command.ROLLBACK_TO);
            assertThat(chain.effect()).isEqualTo(Effect.UNIT_BEGUN);
            assertThat(chain.tag()).isEqualTo("ROLLBACK");
        });
    }

    @Test
    void endWithoutATransactionWarnsAndEndsTheExchange() {
        assertThat(replaced("commit", AUTOCOMMIT)).satisfies(commit -> {
            assertThat(commit.sql()).singleElement().asString().contains("WARNING", "25P01", "no transaction");
            assertThat(commit.effect()).isEqualTo(Effect.UNIT_KEPT);
        });
        assertThat(replaced("rollback", AUTOCOMMIT)).satisfies(rollback -> {
            assertThat(rollback.sql()).singleElement().asString().contains("WARNING", "25P01", "no transaction");
            assertThat(rollback.commands()).containsExactly(Command.ROLLBACK_TO);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"savepoint s", "release s", "rollback to s", "declare c cursor for select 1", "commit and chain"
            })
    void whatNeedsATransactionBlockFailsOutsideOfOne(String sql) {
        assertThat(replaced(sql, AUTOCOMMIT).sql())
                .singleElement()
                .asString()
                .contains("EXCEPTION", "25P01", "can only be used in transaction blocks");
    }

    @ParameterizedTest
    @ValueSource(strings = {"set local a = 1", "set constraints all deferred", "set transaction read only"})
    void whatIsLocalToATransactionBlockOnlyWarnsOutsideOfOne(String sql) {
        assertThat(replaced(sql, AUTOCOMMIT)).satisfies(ignored -> {
            assertThat(ignored.sql()).singleElement().asString().contains("WARNING", "25P01");
            assertThat(ignored.tag()).startsWith("SET");
        });
    }

    @Test
    void readUncommittedIsAnsweredAndTheRestOfSetTransactionIsTheServers() {
        assertThat(replaced("set transaction isolation level read uncommitted", OPEN)
                        .commands())
                .isEmpty();
        assertThat(replaced("set transaction isolation level read uncommitted, read only", OPEN)
                        .commands())
                .containsExactly(Command.READ_ONLY);
        assertThat(instead("set transaction read only", OPEN)).isNull();
    }

    @Test
    void refusalNamesTheTestAndTheRemedy() {
        assertThat(replaced("prepare transaction 'x'", OPEN).sql())
                .singleElement()
                .asString()
                .contains(
                        "0A000", "PREPARE TRANSACTION is not possible", "in OrderTest.pays", "Use DATABASE isolation");
    }

    private static Instead chained(String sql, Standing standing, boolean readOnly) {
        return requireNonNull(Instead.of(Part.of(sql, true), standing, false, readOnly, "OrderTest.pays"), sql);
    }

    private static Instead replaced(String sql, Standing standing) {
        return requireNonNull(instead(sql, standing), sql);
    }

    private static Instead instead(String sql, Standing standing) {
        return Instead.of(Part.of(sql, true), standing, false, false, "OrderTest.pays");
    }
}
