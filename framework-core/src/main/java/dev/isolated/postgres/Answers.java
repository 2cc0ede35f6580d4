package dev.isolated.postgres;

import dev.isolated.postgres.Expected.Kind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session still expects of the server, and what of it is ready for the driver to read. The order of the expected
 * answers is the order of the messages; an error drops those up to the next {@code Sync}, as the server drops the
 * messages. Guarded by its session.
 */
final class Answers {

    private static final Set<String> REAL_CONTROL =
            Set.of("BEGIN", "START TRANSACTION", "COMMIT", "PREPARE TRANSACTION", "COMMIT PREPARED");

    private static final String UNSUPPORTED = "0A000";

    private final Sandbox sandbox;
    private final Deque<Expected> expected = new ArrayDeque<>();
    private final WireWriter visible = new WireWriter();
    private int read;
    private boolean failed;
    private boolean succeeded;
    private String probed = "";
    private boolean atRest;
    private boolean copyingIn;

    Answers(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    void expect(Expected answer) {
        expected.add(answer);
        atRest = false;
    }

    /** Whether the server is ready and owes nothing. */
    boolean atRest() {
        return atRest;
    }

    /** Whether nothing has failed since the server was ready before, but what was meant to. */
    boolean succeeded() {
        return succeeded;
    }

    /** The SQLState that the last probe has failed with. */
    String probed() {
        return probed;
    }

    /** Whether all of an exchange has been sent, up to what makes the server ready. */
    boolean whole() {
        return !expected.isEmpty() && expected.getLast().kind().endsReady();
    }

    /** Forgets what can no longer come because the connection is lost. */
    void abandon() {
        expected.clear();
        sandbox.history().settled();
        failed = false;
        copyingIn = false;
    }

    /** Writes what the driver still owes the server for it to become ready; false where that is nothing. */
    boolean complete(WireWriter toServer) {
        boolean incomplete = !whole();
        if (copyingIn) {
            Wire.failCopy(toServer, "the connection was closed");
        }
        if (incomplete) {
            Wire.sync(toServer);
            expect(Expected.SYNC);
        }
        return incomplete || copyingIn;
    }

    int available() {
        return visible.length() - read;
    }

    /** Hands the driver what is ready. */
    int read(byte[] target, int offset, int length) {
        int count = visible.copy(read, target, offset, length);
        read += count;
        if (read == visible.length()) {
            visible.clear();
            visible.shrink();
            read = 0;
        }
        return count;
    }

    /** Where an answer of the sandbox's own is written. */
    WireWriter own() {
        return visible;
    }

    /** Takes in the server's next message. */
    void take(PhysicalConnection physical) throws IOException {
        settleSynthetics();
        char type = physical.next();
        Expected head = expected.peek();
        switch (type) {
            case '1', '2', '3', 'n' -> answered(physical, head);
            case 'T' -> {
                if (head != null && head.kind() == Kind.DESCRIBE) {
                    answered(physical, head);
                } else {
                    show(physical, head);
                }
            }
            case 'C', 'I', 's' -> completed(physical, head);
            case 'E' -> failed(physical, head);
            case 'N' -> notice(physical, head);
            case 'Z' -> ready(physical, head);
            case 'S' -> copy(physical);
            case 'G' -> copyIn(physical, head);
            default -> show(physical, head);
        }
        physical.consume();
        settleSynthetics();
    }

    private void answered(PhysicalConnection physical, @Nullable Expected head) {
        show(physical, head);
        expected.poll();
    }

    private void completed(PhysicalConnection physical, @Nullable Expected head) {
        copyingIn = false;
        if (head == null) {
            show(physical, null);
            return;
        }
        if (!head.replaced()) {
            requireEmulated(physical, head);
            show(physical, head);
        }
        if (head.kind() == Kind.EXECUTE) {
            expected.poll();
            succeed(head);
        }
    }

    /** Transaction control is answered by the sandbox; where the server answers it, its text was not recognised. */
    private void requireEmulated(PhysicalConnection physical, Expected head) {
        byte[] bytes = physical.buffer();
        int tag = physical.messageStart() + 5;
        if (!head.hidden() && bytes[physical.messageStart()] == 'C' && REAL_CONTROL.contains(Wire.text(bytes, tag))) {
            sandbox.giveUp("a statement has ended the sandbox's transaction with " + Wire.text(bytes, tag));
        }
    }

    /** The server ignores every {@code Sync} that it is sent before the copy ends. */
    private void copyIn(PhysicalConnection physical, @Nullable Expected head) {
        copyingIn = true;
        if (head != null && head.kind() == Kind.EXECUTE) {
            expected.removeIf(answer -> answer.kind() == Kind.SYNC);
        }
        show(physical, head);
    }

    private void succeed(Expected answer) {
        answer.effects().forEach(sandbox::apply);
        if (!answer.hidden() && answer.kind() != Kind.SYNC) {
            sandbox.history().succeeded();
        }
        if (answer.replaced()) {
            Wire.complete(visible, answer.tag());
        }
    }

    private void failed(PhysicalConnection physical, @Nullable Expected head) {
        if (head != null && head.kind() == Kind.PROBE) {
            probed = Wire.field('C', physical.buffer(), physical.messageStart() + 5, physical.messageEnd());
            return;
        }
        String instead = insteadOf(physical);
        if (Expected.HIDDEN_EXECUTE.equals(head) || Expected.TAIL.equals(head) || !instead.isEmpty()) {
            sandbox.overlap().told();
        }
        if (!instead.isEmpty()) {
            new Refusal(UNSUPPORTED, instead, "").write(visible, "ERROR");
        } else if (head != null && (head.replaced() || head.hidden())) {
            Wire.withoutOrigin(physical.buffer(), physical.messageStart(), physical.messageEnd(), visible);
        } else {
            copy(physical);
        }
        sandbox.history().failed(physical.lastError());
        failed = true;
        copyingIn = false;
        while (head != null && !head.kind().endsReady()) {
            expected.poll();
            head = expected.peek();
        }
    }

    private String insteadOf(PhysicalConnection physical) {
        if (!sandbox.overlap().stacked()) {
            return "";
        }
        byte[] bytes = physical.buffer();
        int body = physical.messageStart() + 5;
        int end = physical.messageEnd();
        String constraint = Wire.field('n', bytes, body, end);
        return sandbox.overlap()
                .insteadOf(Wire.field('C', bytes, body, end), Wire.field('t', bytes, body, end), constraint);
    }

    private void notice(PhysicalConnection physical, @Nullable Expected head) {
        if (head != null && head.replaced()) {
            Wire.withoutOrigin(physical.buffer(), physical.messageStart(), physical.messageEnd(), visible);
        } else {
            show(physical, head);
        }
    }

    private void ready(PhysicalConnection physical, @Nullable Expected head) {
        char status = (char) physical.buffer()[physical.messageStart() + 5];
        expected.poll();
        atRest = expected.isEmpty();
        if (head != null && !failed) {
            succeed(head);
        }
        if (head == null || tellsDriver(head)) {
            sandbox.settle(status);
            Wire.ready(visible, sandbox.standing().status());
        }
        succeeded = !failed;
        failed = false;
    }

    /** Whether the driver is told that the server is ready; a failure leaves out the parts that would have come. */
    private boolean tellsDriver(Expected head) {
        return switch (head.kind()) {
            case PART -> failed;
            case TAIL -> true;
            default -> !head.hidden();
        };
    }

    private void settleSynthetics() {
        Expected head = expected.peek();
        while (head != null && head.kind() == Kind.SYNTHETIC) {
            expected.poll();
            succeed(head);
            head = expected.peek();
        }
    }

    private void show(PhysicalConnection physical, @Nullable Expected head) {
        if (head == null || !head.hidden()) {
            copy(physical);
        }
    }

    private void copy(PhysicalConnection physical) {
        visible.raw(physical.buffer(), physical.messageStart(), physical.messageEnd());
    }
}
