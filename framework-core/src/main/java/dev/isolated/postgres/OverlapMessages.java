package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.spi.Origin;

/** What is said of overlapping transactions that one physical transaction cannot represent. */
final class OverlapMessages {

    private static final String INDEPENDENT =
            "use " + Instead.DATABASE + " for this test, where connections are independent";
    private static final String REMEDY = "end the other transaction first, or " + INDEPENDENT;

    private OverlapMessages() {}

    /** A transaction cannot begin or go on while another of its thread is open. */
    static String impossible(Sandbox sandbox, String statement, Block other, String reason) {
        return Explanation.couldNot(run(sandbox, statement))
                .expected("another connection of the same thread to have its transaction in a state that can be told"
                        + " apart from this one's")
                .found("that " + reason + "; that transaction was " + other.begun())
                .next(REMEDY)
                .toString();
    }

    /** A transaction above another has to do with what that one did; {@link Watch#tables} stands for where. */
    static String touched(Sandbox sandbox, String statement, Block other) {
        return Explanation.couldNot(run(sandbox, statement))
                .expected(
                        "it to keep away from what another connection of the same thread has written or locked and not"
                                + " committed: in production it might not see that, or wait for ever")
                .found("that it has to do with " + Watch.tables() + "; that transaction was " + other.begun())
                .next(REMEDY)
                .toString();
    }

    /** A transaction is undone above which another one has committed. */
    static String undoes(Sandbox sandbox, Block undone) {
        return Explanation.couldNot("roll back a transaction of " + test(sandbox) + " that was " + undone.begun())
                .expected("no other connection to have committed since it wrote, as that would be rolled back with it")
                .found("a commit of a transaction that was " + undone.carried())
                .next(INDEPENDENT)
                .toString();
    }

    private static String test(Sandbox sandbox) {
        return sandbox.tenant().name();
    }

    private static String run(Sandbox sandbox, String statement) {
        return "run \"" + statement + "\" on a second connection of " + test(sandbox) + new Origin().of(", which is");
    }
}
