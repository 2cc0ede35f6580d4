package dev.isolated.postgres;

import dev.isolated.postgres.Expected.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a driver is told of the server's errors and notices: nothing of what the sandbox itself has said, and, of what only
 * happens because all is one transaction, what that means. Guarded by its session.
 */
final class Complaints {

    private static final String UNSUPPORTED = "0A000";
    private static final int HEADER = 5;

    private final Sandbox sandbox;
    private final Outbox outbox;

    Complaints(Sandbox sandbox, Outbox outbox) {
        this.sandbox = sandbox;
        this.outbox = outbox;
    }

    /** @param head what was expected instead */
    void error(PhysicalConnection physical, @Nullable Expected head) {
        String instead = insteadOf(physical);
        boolean check = Expected.HIDDEN_EXECUTE.equals(head) || (head != null && head.kind() == Kind.TAIL);
        if (check || !instead.isEmpty()) {
            sandbox.overlap().told();
        }
        if (!instead.isEmpty()) {
            new Refusal(UNSUPPORTED, instead, "").write(outbox.writer(), "ERROR");
        } else if (check || (head != null && head.replaced())) {
            withoutOrigin(physical);
        } else {
            withRemedy(physical, startOf(head));
        }
    }

    /** Also what a trigger says while the sandbox has deferred constraints checked. */
    void notice(PhysicalConnection physical, @Nullable Expected head) {
        if (head != null && head.replaced()) {
            withoutOrigin(physical);
        } else {
            pass(physical, startOf(head), "");
        }
    }

    private static int startOf(@Nullable Expected head) {
        return head == null ? 0 : head.start();
    }

    private void withoutOrigin(PhysicalConnection physical) {
        Wire.withoutOrigin(physical.buffer(), physical.messageStart(), physical.messageEnd(), outbox.writer());
    }

    private void withRemedy(PhysicalConnection physical, int shift) {
        int start = physical.messageStart();
        int end = physical.messageEnd();
        boolean autocommit = sandbox.standing().phase() == Standing.Phase.IMPLICIT;
        String test = sandbox.tenant().name();
        String hint = Remedy.hint(physical.buffer(), start + HEADER, end, autocommit, test);
        pass(physical, shift, hint);
    }

    private void pass(PhysicalConnection physical, int shift, String hint) {
        if (shift == 0 && hint.isEmpty()) {
            outbox.pass(physical);
        } else {
            Wire.amended(
                    physical.buffer(), physical.messageStart(), physical.messageEnd(), shift, hint, outbox.writer());
        }
    }

    private String insteadOf(PhysicalConnection physical) {
        if (!sandbox.overlap().stacked()) {
            return "";
        }
        byte[] bytes = physical.buffer();
        int body = physical.messageStart() + HEADER;
        int end = physical.messageEnd();
        String constraint = Wire.field('n', bytes, body, end);
        return sandbox.overlap()
                .insteadOf(Wire.field('C', bytes, body, end), Wire.field('t', bytes, body, end), constraint);
    }
}
