package dev.isolated.postgres;

import dev.isolated.postgres.Expected.Kind;
import dev.isolated.postgres.Standing.Effect;
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

    private final Sandbox sandbox;
    private final Deque<Expected> expected = new ArrayDeque<>();
    private final Reports.Told told;
    private final Outbox outbox = new Outbox();
    private final Complaints complaints;
    private boolean failed;
    private boolean succeeded;
    private String probed = "";
    private boolean atRest;
    private boolean copyingIn;
    private char latest = 'I';

    Answers(Sandbox sandbox) {
        this.sandbox = sandbox;
        told = sandbox.reports().new Told();
        complaints = new Complaints(sandbox, outbox);
    }

    /** What the driver gets to read. */
    Outbox outbox() {
        return outbox;
    }

    /** What the driver is told of the server's parameters. */
    Reports.Told told() {
        return told;
    }

    void expect(Expected answer) {
        expected.add(answer);
        atRest = false;
    }

    /** Whether the server is ready and owes nothing. */
    boolean atRest() {
        return atRest;
    }

    /** Whether the server waits for data of a copy. */
    boolean copyingIn() {
        return copyingIn;
    }

    /** Whether nothing but what was meant to has failed since the driver was told before that the server is ready. */
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

    /** Whether what comes next may travel with what has been translated, though for the driver that was an exchange. */
    boolean open() {
        return !expected.isEmpty() && expected.getLast().kind() == Kind.READY;
    }

    /** Nothing comes next: the server is to say itself that it is ready. */
    void close(WireWriter toServer) {
        expected.removeLast();
        Wire.sync(toServer);
        expect(Expected.SYNC);
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
            case 'N' -> complaints.notice(physical, head);
            case 'Z' -> ready(physical, head);
            case 'S' -> report(physical);
            case 'G' -> copyIn(physical, head);
            default -> show(physical, head);
        }
        physical.consume();
        settleSynthetics();
    }

    private void report(PhysicalConnection physical) {
        int name = physical.messageStart() + 5;
        byte[] bytes = physical.buffer();
        sandbox.reports().take(Wire.text(bytes, name), Wire.text(bytes, Wire.textEnd(bytes, name) + 1));
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
        answer.done().run();
        if (!answer.hidden() && answer.kind() != Kind.SYNC) {
            sandbox.history().succeeded();
        }
        if (answer.replaced()) {
            Wire.complete(outbox.writer(), answer.tag());
        }
    }

    private void failed(PhysicalConnection physical, @Nullable Expected head) {
        if (head != null && head.kind() == Kind.PROBE) {
            probed = Wire.field('C', physical.buffer(), physical.messageStart() + 5, physical.messageEnd());
            return;
        }
        if (!failed) { // what is sent behind what has failed cannot but fail too
            complaints.error(physical, head);
        }
        if (commitFails()) {
            sandbox.apply(Effect.UNIT_SPOILT);
        }
        sandbox.history().failed(physical.lastError());
        failed = true;
        copyingIn = false;
        while (head != null && !head.kind().endsReady()) {
            expected.poll();
            if (head.kind() == Kind.READY) {
                tellReady();
                complaints.error(physical, head);
            }
            head = expected.peek();
        }
    }

    /** Whether it is the application's commit that fails, or what the sandbox says in front of it. */
    private boolean commitFails() {
        for (Expected answer : expected) {
            if (!answer.hidden()) {
                return answer.replaced() && answer.effects().stream().anyMatch(Effect::keeps);
            }
        }
        return false;
    }

    private void ready(PhysicalConnection physical, @Nullable Expected head) {
        char status = (char) physical.buffer()[physical.messageStart() + 5];
        expected.poll();
        atRest = expected.isEmpty();
        if (head != null && !failed) {
            succeed(head);
        }
        Expected next = expected.peek();
        if (next != null && next.kind() == Kind.TAIL) {
            return;
        }
        succeeded = !failed;
        if (head == null || tellsDriver(head)) {
            sandbox.settle(status);
            tellReady();
            failed = false;
        }
    }

    private void tellReady() {
        told.update(outbox.writer());
        ready(sandbox.standing().status());
    }

    /** Tells the driver that the server is ready, and how its transaction stands. */
    void ready(char status) {
        latest = status;
        Wire.ready(outbox.writer(), status);
    }

    /** The answer to a text without a statement, which changes nothing. */
    void nothing() {
        outbox.writer().begin('I').end();
        ready(latest);
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
        while (head != null && (head.kind() == Kind.SYNTHETIC || head.kind() == Kind.READY)) {
            expected.poll();
            if (head.kind() == Kind.READY) {
                tellReady();
            } else {
                succeed(head);
            }
            head = expected.peek();
        }
    }

    private void show(PhysicalConnection physical, @Nullable Expected head) {
        if (head == null || !(head.hidden() || head.replaced())) {
            outbox.pass(physical);
        }
    }
}
