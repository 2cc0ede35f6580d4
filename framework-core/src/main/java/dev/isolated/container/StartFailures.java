package dev.isolated.container;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The ways in which a start from a recipe fails, each in its own words. Immutable. */
record StartFailures(Recipe recipe) {

    /** The engine refused. */
    IsolationException notStarted(Exception reason) {
        return new IsolationException(
                Explanation.couldNot("start a container of " + what())
                        .expected("the engine to create it, to connect to it and to start it")
                        .found(String.valueOf(reason.getMessage()))
                        .next(
                                "see the engine's log; the image needs a /bin/sh, and the engine room for one more container"),
                reason);
    }

    /** The server did not stay. */
    IsolationException endedEarly(String how, @Nullable Exception reason) {
        return new IsolationException(
                Explanation.couldNot("start the server in a container of " + what())
                        .expected("it to go on once it is started")
                        .found(how)
                        .next("do what its last words ask for; it was started with " + recipe.command()),
                reason);
    }

    /** The server stayed, and let nobody in. */
    IsolationException neverReady(String refusal, String lastWords, Duration limit, Exception reason) {
        return new IsolationException(
                Explanation.couldNot("use the server in a container of " + what())
                        .expected("it to let its administrator "
                                + recipe.blueprint().user() + " in within " + limit.toMillis() + " ms")
                        .found("\"" + refusal + "\"; its last words: " + lastWords)
                        .next("check that the image is one of " + recipe.service() + " and takes its password from "
                                + recipe.blueprint().passwordVariable() + "; " + ContainerKeys.START_TIMEOUT
                                + " bounds the wait"),
                reason);
    }

    private String what() {
        return recipe.image().name() + " for " + recipe.service();
    }
}
