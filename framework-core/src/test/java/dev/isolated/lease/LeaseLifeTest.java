package dev.isolated.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.contract.Together;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseLifeTest {

    private static final Map<LeaseState, Set<LeaseState>> ARROWS = Map.of(
            LeaseState.CREATING, EnumSet.of(LeaseState.READY, LeaseState.DESTROYED),
            LeaseState.READY, EnumSet.of(LeaseState.LEASED, LeaseState.DESTROYED),
            LeaseState.LEASED, EnumSet.of(LeaseState.DIRTY),
            LeaseState.DIRTY, EnumSet.of(LeaseState.RESETTING, LeaseState.DESTROYED),
            LeaseState.RESETTING, EnumSet.of(LeaseState.READY, LeaseState.DESTROYED),
            LeaseState.DESTROYED, EnumSet.noneOf(LeaseState.class));

    static Stream<Arguments> pairs() {
        return Arrays.stream(LeaseState.values())
                .flatMap(from -> Arrays.stream(LeaseState.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void onlyTheArrowsOfTheDesignCanBeTaken(LeaseState from, LeaseState to) {
        LeaseLife life = standingAt(from);
        long generation = life.generation();
        if (ARROWS.getOrDefault(from, Set.of()).contains(to)) {
            assertThat(life.move(generation, from, to)).isTrue();
            assertThat(life.state()).isEqualTo(to);
        } else {
            assertThatThrownBy(() -> life.move(generation, from, to))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no way leads from " + from + " to " + to);
            assertThat(life.state()).isEqualTo(from);
        }
    }

    @Test
    void onlyALeaseBeginsANewGeneration() {
        LeaseLife life = standingAt(LeaseState.READY);
        assertThat(life.generation()).isZero();
        life.move(0, LeaseState.READY, LeaseState.LEASED);
        assertThat(life.generation()).isEqualTo(1);
        life.move(1, LeaseState.LEASED, LeaseState.DIRTY);
        life.move(1, LeaseState.DIRTY, LeaseState.RESETTING);
        life.move(1, LeaseState.RESETTING, LeaseState.READY);
        assertThat(life).hasToString("READY, generation 1");
    }

    @Test
    void aSliceThatStandsElsewhereIsNotMoved() {
        LeaseLife life = standingAt(LeaseState.READY);
        assertThat(life.move(0, LeaseState.LEASED, LeaseState.DIRTY)).isFalse();
        assertThat(life.state()).isEqualTo(LeaseState.READY);
    }

    @Test
    void whoComesFromAnEarlierGenerationCannotMoveTheSlice() {
        LeaseLife life = standingAt(LeaseState.RESETTING);
        life.move(1, LeaseState.RESETTING, LeaseState.READY);
        life.move(1, LeaseState.READY, LeaseState.LEASED);

        assertThat(life.move(1, LeaseState.LEASED, LeaseState.DIRTY)).isFalse();
        assertThat(life.state()).isEqualTo(LeaseState.LEASED);
        assertThat(life.move(2, LeaseState.LEASED, LeaseState.DIRTY)).isTrue();
    }

    @Test
    void ofManyThatCloseAtOnceOneWins() throws Exception {
        for (int round = 0; round < 200; round++) {
            LeaseLife life = standingAt(LeaseState.LEASED);
            var winners = new AtomicInteger();
            Together.run(4, thread -> {
                if (life.move(1, LeaseState.LEASED, LeaseState.DIRTY)) {
                    winners.incrementAndGet();
                }
            });
            assertThat(winners).hasValue(1);
        }
    }

    private static LeaseLife standingAt(LeaseState target) {
        var life = new LeaseLife();
        var way = switch (target) {
            case CREATING -> new LeaseState[] {LeaseState.CREATING};
            case READY -> way(1);
            case LEASED -> way(2);
            case DIRTY -> way(3);
            case RESETTING -> way(4);
            case DESTROYED -> new LeaseState[] {LeaseState.CREATING, LeaseState.DESTROYED};
        };
        for (int i = 1; i < way.length; i++) {
            assertThat(life.move(life.generation(), way[i - 1], way[i])).isTrue();
        }
        return life;
    }

    private static LeaseState[] way(int steps) {
        return Arrays.copyOf(
                new LeaseState[] {
                    LeaseState.CREATING, LeaseState.READY, LeaseState.LEASED, LeaseState.DIRTY, LeaseState.RESETTING
                },
                steps + 1);
    }
}
