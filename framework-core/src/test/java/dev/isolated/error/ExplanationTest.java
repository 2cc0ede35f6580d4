package dev.isolated.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final Explanation TASK = Explanation.couldNot("open the door of room 7");

    @Test
    void saysWhatWasDoneExpectedFoundAndWhatToDo() {
        assertThat(TASK.expected("it to be unlocked").found("it locked").next("ask for the key"))
                .hasToString(
                        "Could not open the door of room 7: expected it to be unlocked, but found it locked. What to"
                                + " do: ask for the key.");
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        assertThat(TASK).hasToString("Could not open the door of room 7.");
        assertThat(TASK.expected("a door")).hasToString("Could not open the door of room 7: expected a door.");
        assertThat(TASK.found("a wall")).hasToString("Could not open the door of room 7: found a wall.");
        assertThat(TASK.next("turn back")).hasToString("Could not open the door of room 7. What to do: turn back.");
    }

    @Test
    void quotingAnotherMessageAddsNoSecondFullStop() {
        assertThat(TASK.found(TASK.found("a wall").toString()))
                .hasToString(
                        "Could not open the door of room 7: found Could not open the door of room 7: found a wall.");
    }

    @Test
    void everyExceptionOfTheFamilyCarriesItsExplanationAndItsCause() {
        var cause = new IllegalStateException("the key broke");
        List<BiFunction<Explanation, Throwable, IsolationException>> family = List.of(
                SettingsException::new,
                IsolationException::new,
                LeaseEndedException::new,
                LeaseTimeoutException::new,
                ServiceUnavailableException::new);
        assertThat(family)
                .allSatisfy(member -> assertThat(member.apply(TASK, cause))
                        .hasMessage(TASK.toString())
                        .hasCause(cause));
    }
}
