package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingTest {

    @Test
    void firstUnitNeedsNoSavepointAndIsUndoneWithTheTransaction() {
        assertThat(Standing.UNTOUCHED.opening()).containsExactly(Command.BEGIN);
        Standing open = opened(Standing.UNTOUCHED);
        assertThat(open.undoing()).isEqualTo(Command.ROLLBACK);
        assertThat(open.settled(true).opening()).containsExactly(Command.ROLLBACK, Command.BEGIN);
    }

    @Test
    void laterUnitsReplaceTheSavepointOfTheOneBefore() {
        Standing second = opened(opened(Standing.UNTOUCHED).settled(false));
        assertThat(second.undoing()).isEqualTo(Command.ROLLBACK_TO);
        Standing kept = second.settled(false);
        assertThat(kept.opening()).isEqualTo(List.of(Command.RELEASE, Command.SAVEPOINT));
        assertThat(opened(kept).settled(true).opening()).containsExactly(Command.ROLLBACK_TO);
    }

    @Test
    void explicitUnitStaysOpenUntilItIsKeptOrUndone() {
        Standing begun = opened(Standing.UNTOUCHED).after(Effect.UNIT_BEGUN);
        assertThat(begun.settled(false).status()).isEqualTo('T');
        assertThat(begun.settled(true).status()).isEqualTo('E');
        assertThat(begun.settled(true).settled(false).status()).isEqualTo('T');
        assertThat(begun.after(Effect.UNIT_KEPT).settled(false).status()).isEqualTo('I');
        assertThat(begun.abandoned().phase()).isEqualTo(Phase.SPOILT);
        assertThat(begun.after(Effect.TRANSACTION_UNDONE)).isEqualTo(Standing.UNTOUCHED);
    }

    @Test
    void betweenTwoUnitsThereIsAMomentWithoutProtection() {
        Standing kept = opened(opened(Standing.UNTOUCHED).settled(false)).settled(false);
        assertThat(opened(kept).unprotected()).isFalse();
        assertThat(kept.unprotected()).isTrue();
        assertThat(kept.after(Effect.SAVEPOINT_RELEASED).unprotected()).isTrue();
        assertThat(Standing.UNTOUCHED.unprotected()).isFalse();
    }

    private static Standing opened(Standing standing) {
        Standing next = standing;
        for (Command command : standing.opening()) {
            next = next.after(command.effect());
        }
        return next.after(Effect.UNIT_OPENED);
    }
}
