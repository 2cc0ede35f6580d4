package dev.isolated.postgres;

import dev.isolated.postgres.Expected.Kind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a session still expects of the server, and what of it is ready for the driver to read. The order of the expected
 * answers is the order of the messages; an error drops those up to the next {@code Sync}, as the server drops the
 * messages. Guarded by its session.
 */
final class Answers {

    private final Sandbox sandbox;
    private final Deque<Expected> expected = new ArrayDeque<>();
    private final WireWriter visible = new WireWriter();
    private int read;
    private boolean failed;

    Answers(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    void expect(Expected answer) {
        expected.add(answer);
    }

    /** Whether the server still owes something. */
    boolean outstanding() {
        return !expected.isEmpty();
    }

    /** Forgets what can no longer come because the connection is lost. */
    void abandon() {
        expected.clear();
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
        if (head == null || head.kind() != Kind.EXECUTE) {
            if (head == null || !head.replaced()) {
                show(physical, head);
            }
            return;
        }
        if (!head.replaced()) {
            show(physical, head);
        }
        expected.poll();
        succeed(head);
    }

    private void succeed(Expected answer) {
        answer.effects().forEach(sandbox::apply);
        if (answer.replaced()) {
            Wire.complete(visible, answer.tag());
        }
    }

    private void failed(PhysicalConnection physical, @Nullable Expected head) {
        notice(physical, head != null && head.replaced() ? head : null);
        failed = true;
        while (head != null && !head.kind().endsReady()) {
            expected.poll();
            head = expected.peek();
        }
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
        if (head == null || !head.hidden()) {
            if (head != null && !failed) {
                succeed(head);
            }
            sandbox.settle(status);
            Wire.ready(visible, sandbox.standing().status());
        } else if (!failed) {
            head.effects().forEach(sandbox::apply);
        }
        failed = false;
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
