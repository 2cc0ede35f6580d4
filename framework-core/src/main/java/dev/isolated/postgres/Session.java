package dev.isolated.postgres;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the code under test, as the server would see it: cuts what the driver writes into messages, has them
 * translated, and brings the answers back on the driver's own threads.
 */
final class Session implements Peer {

    private static final System.Logger LOGGER = System.getLogger("dev.isolated.postgres");
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final int EAGER = 64 * 1024;
    private static final int HEADER = 5;

    private final Sandbox sandbox;
    private final int number;
    private final Throwable opened = new Throwable("opened here");
    private final Answers answers;
    private final Translator translator;
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();

    private byte[] inbox = new byte[8 * 1024];
    private int inboxEnd;
    private boolean started;
    private boolean finished;
    private volatile boolean onWire;
    private volatile boolean cancelled;
    private @Nullable Refusal refusal;

    Session(Sandbox sandbox, int number) {
        this.sandbox = sandbox;
        this.number = number;
        answers = new Answers(sandbox);
        translator = new Translator(sandbox, answers, number);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (inboxEnd + length > inbox.length) {
            inbox = Arrays.copyOf(inbox, Math.max(inbox.length * 2, inboxEnd + length));
        }
        System.arraycopy(source, offset, inbox, inboxEnd, length);
        inboxEnd += length;
        if (inboxEnd > EAGER) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        int start = 0;
        while (true) {
            int header = started ? HEADER : HEADER - 1;
            if (inboxEnd - start < header) {
                break;
            }
            int end = start + header - 4 + Wire.int32(inbox, start + header - 4);
            if (inboxEnd < end) {
                break;
            }
            message(start, start + header, end);
            start = end;
        }
        System.arraycopy(inbox, start, inbox, 0, inboxEnd - start);
        inboxEnd -= start;
        send();
    }

    @Override
    public int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException {
        while (answers.available() == 0) {
            if (finished) {
                return -1;
            }
            if (onWire) {
                takeAnswers(timeoutMillis);
            } else {
                idle(timeoutMillis);
            }
        }
        return answers.read(target, offset, length);
    }

    @Override
    public int available() {
        return answers.available();
    }

    /** Ends the session: what it runs is cancelled, what it has not committed is undone, nobody else notices. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (onWire) {
            cancel();
            drain();
        } else {
            sandbox.abandonUnit(this);
        }
        sandbox.forget(this, translator.statementNames());
    }

    /** Cancels what the session is doing, on behalf of the driver or of the test's end. */
    void cancel() {
        cancelled = true;
        sandbox.cancel(this);
    }

    /** Takes in and throws away what the server still answers, unless the driver's own thread is doing so. */
    void drain() {
        try {
            long limit = System.nanoTime() + DRAIN.toNanos();
            while (onWire && System.nanoTime() < limit) {
                if (reading.tryLock(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    try {
                        takeAnswers((int) DRAIN.toMillis());
                    } finally {
                        reading.unlock();
                    }
                }
            }
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "{0} could not be drained: {1}", this, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (onWire) {
            sandbox.giveUp("it did not come to rest within " + DRAIN.toMillis() + " ms after " + this + " was closed");
            leave();
        }
    }

    void requireNotCancelled() throws Refusal {
        if (cancelled || closed.get()) {
            throw new Refusal("57014", "canceling statement due to user request", "");
        }
    }

    int number() {
        return number;
    }

    /** The names, on the server, of the statements that it has prepared. */
    List<String> statementNames() {
        return translator.statementNames();
    }

    /** Where the connection was opened. */
    String opened() {
        return OpenedAt.describe(opened);
    }

    private void message(int start, int body, int end) throws IOException {
        if (!started) {
            startUp(body, end);
            return;
        }
        char type = (char) inbox[start];
        if (type == 'X') {
            finished = true;
            close();
            return;
        }
        if (refusal == null && !onWire) {
            enter();
        }
        if (refusal != null) {
            refuse(type, refusal);
        } else {
            translator.translate(type, inbox, body, end);
        }
    }

    private void enter() {
        cancelled = false;
        try {
            sandbox.enter(this);
            onWire = true;
            translator.begin();
        } catch (Refusal e) {
            refusal = e;
        }
    }

    /** Skips messages up to the one that the server would answer with {@code ReadyForQuery}, and answers that. */
    private void refuse(char type, Refusal reason) {
        if (type == 'S' || type == 'Q' || type == 'F') {
            reason.write(answers.own(), "ERROR");
            Wire.ready(answers.own(), 'I');
            refusal = null;
        }
    }

    private void send() throws IOException {
        if (!onWire || translator.toServer().length() == 0) {
            return;
        }
        try {
            sandbox.physical().send(translator.toServer());
        } catch (IOException e) {
            leave();
            throw e;
        }
    }

    private void takeAnswers(int timeoutMillis) throws IOException {
        reading.lock();
        try {
            if (!answers.outstanding()) {
                // Somebody else took them in while this thread waited; what comes next is another session's.
                return;
            }
            PhysicalConnection physical = sandbox.physical();
            physical.readTimeout(timeoutMillis);
            do {
                answers.take(physical);
            } while (answers.outstanding() && physical.buffered());
            if (!answers.outstanding()) {
                leave();
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            leave();
            throw e;
        } finally {
            reading.unlock();
        }
    }

    private void leave() {
        answers.abandon();
        onWire = false;
        sandbox.leave(this, closed.get());
    }

    /** A driver that reads while nothing is due waits for notifications; there are none. */
    private void idle(int timeoutMillis) throws IOException {
        if (closed.get()) {
            throw new SocketException("Socket closed");
        }
        sandbox.turn().idle(timeoutMillis == 0 ? DRAIN.toMillis() : timeoutMillis);
        if (timeoutMillis > 0) {
            throw new SocketTimeoutException("Read timed out");
        }
    }

    private void startUp(int body, int end) throws IOException {
        int code = Wire.int32(inbox, body);
        switch (code) {
            case Wire.SSL_REQUEST, Wire.GSS_REQUEST -> answers.own().octet('N');
            case Wire.CANCEL_REQUEST -> {
                sandbox.cancel(Wire.int32(inbox, body + 8));
                finished = true;
            }
            default -> {
                started = true;
                greet(body + 4, end);
            }
        }
    }

    private void greet(int from, int end) {
        try {
            sandbox.requireStartable(inbox, from, end);
            sandbox.greet(this, answers.own());
        } catch (Refusal e) {
            e.write(answers.own(), "FATAL");
            finished = true;
        }
    }

    @Override
    public String toString() {
        return "connection " + number + " of " + sandbox.tenant().name();
    }
}
