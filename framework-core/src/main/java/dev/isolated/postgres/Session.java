package dev.isolated.postgres;

import dev.isolated.spi.Origin;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One connection of the code under test, as the server would see it: cuts what the driver writes into messages, has them
 * translated, and brings the answers back on the driver's own threads. Thread-safe: the guard is held by whoever speaks or
 * listens for it, also while the server is awaited; a cancel does without.
 */
final class Session implements Peer {

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final int EAGER = 64 * 1024;

    private final Sandbox sandbox;
    private final int number;
    private final Origin opened = new Origin();
    private final Outbox outbox;
    private final Upkeep upkeep;
    private final Exchange exchange;
    private final Handshake handshake;
    private final ReentrantLock guard = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Inbox inbox = new Inbox();
    private volatile boolean undone;

    private boolean failing;
    private boolean started;
    private boolean finished;

    Session(Sandbox sandbox, int number) {
        this.sandbox = sandbox;
        this.number = number;
        var answers = new Answers(sandbox);
        outbox = answers.outbox();
        upkeep = new Upkeep(number, sandbox.shared());
        exchange = new Exchange(this, sandbox, answers, upkeep);
        handshake = new Handshake(this, sandbox, upkeep, answers);
    }

    @Override
    public void write(byte[] source, int offset, int length, int timeoutMillis) throws IOException {
        guard.lock();
        try {
            inbox.add(source, offset, length);
            if (inbox.size() > EAGER) {
                flush(timeoutMillis);
            }
        } finally {
            guard.unlock();
        }
    }

    @Override
    public void flush(int timeoutMillis) throws IOException {
        guard.lock();
        try {
            while (!finished && inbox.complete(started)) {
                message(timeoutMillis);
                inbox.consume();
            }
            inbox.compact();
            exchange.send();
        } finally {
            guard.unlock();
        }
    }

    /** What was written before has been answered by now, and a refusal holds for all of it. */
    @Override
    public int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException {
        while (true) {
            guard.lock();
            try {
                exchange.forgetRefusal();
                if (outbox.available() > 0) {
                    return outbox.read(target, offset, length);
                }
                if (finished) {
                    return -1;
                }
                if (exchange.onWire()) {
                    exchange.takeAnswers(timeoutMillis);
                    continue;
                }
            } finally {
                guard.unlock();
            }
            idle(timeoutMillis);
        }
    }

    @Override
    public int available() {
        return outbox.available();
    }

    /** Ends the session: what it runs is cancelled, what it has not committed is undone, nobody else notices. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            cancel();
            guarded(() -> {
                complete();
                upkeep.end();
                sandbox.abandonUnit(this);
                sandbox.open().remove(this, exchange.statementNames());
            });
        }
    }

    /** Cancels what the session is doing, on behalf of the driver or of the test's end. */
    void cancel() {
        sandbox.cancel(this);
    }

    /** Takes in what the server still answers, unless the driver's own thread does so first. */
    void drain() {
        guarded(this::complete);
    }

    void requireOpen() throws Refusal {
        if (closed.get()) {
            throw givenUp("canceling statement since its connection was closed", "");
        }
    }

    /** A statement that waited for the wire was given up, as production would do it: with the transaction that is open. */
    Refusal givenUp(String message, String hint) {
        failing = sandbox.inTransaction(this);
        return new Refusal("57014", message, hint);
    }

    /** Whether its transaction has failed of which the server does not know that yet; asked once. */
    boolean takeFailure() {
        boolean failed = failing;
        failing = false;
        return failed;
    }

    /** Its transaction is no more; what it says next is refused for that reason, so that its driver learns of it. */
    void undo() {
        undone = true;
    }

    void requireNotUndone() throws Refusal {
        if (undone) {
            undone = false;
            throw new Refusal(
                    "40000",
                    "the transaction that was open here was rolled back when the test that had it open ended, in "
                            + sandbox.tenant().name(),
                    "End transactions in the test that begins them.");
        }
    }

    boolean closed() {
        return closed.get();
    }

    int number() {
        return number;
    }

    /** The statement that its driver has just written, or else its last one, as it can be shown; for its own threads. */
    String asks() {
        String written = exchange.statement(inbox);
        return written == null ? sandbox.history().latest(number) : History.shown(written);
    }

    /** Whether the statement that its driver has just written locks rows; for its own threads. */
    boolean locksRows() {
        String written = exchange.statement(inbox);
        return written != null && Footprint.locksRows(written);
    }

    /** What has been said in its open transaction block. */
    Upkeep upkeep() {
        return upkeep;
    }

    Block block() {
        return exchange.block();
    }

    /** The names, on the server, of the statements that it has prepared. */
    List<String> statementNames() {
        return exchange.statementNames();
    }

    /** Where the connection was opened. */
    String opened() {
        return opened.of("opened");
    }

    private void guarded(Runnable task) {
        long limit = System.nanoTime() + DRAIN.toNanos();
        while (!Uninterrupted.await(Cancelling.AGAIN, nanos -> guard.tryLock(nanos, TimeUnit.NANOSECONDS))) {
            if (System.nanoTime() > limit) {
                sandbox.cutOff(
                        this + " did not come to rest within " + DRAIN.toMillis() + " ms after it was cancelled");
                return;
            }
            cancel();
        }
        try {
            task.run();
        } finally {
            guard.unlock();
        }
    }

    private void complete() {
        finished |= exchange.complete(DRAIN);
    }

    private void message(int timeoutMillis) throws IOException {
        if (!started) {
            begin();
            return;
        }
        if (inbox.type() == 'X') {
            finished = true;
            close();
            return;
        }
        try {
            exchange.take(inbox, timeoutMillis);
        } catch (Refusal e) {
            e.write(outbox.writer(), "FATAL");
            finished = true;
            close();
        }
    }

    private void begin() {
        switch (handshake.take(inbox.bytes(), inbox.body(), inbox.end())) {
            case GOES_ON -> {}
            case STARTED -> started = true;
            case OVER -> finished = true;
        }
    }

    /** A driver that reads while nothing is due waits for notifications; there are none. */
    private void idle(int timeoutMillis) throws IOException {
        if (closed.get()) {
            throw new SocketException("Socket closed");
        }
        sandbox.turn().idle(timeoutMillis == 0 ? DRAIN : Duration.ofMillis(timeoutMillis));
        if (timeoutMillis > 0) {
            throw new SocketTimeoutException("Read timed out");
        }
    }

    @Override
    public String toString() {
        return "connection " + number + " of " + sandbox.tenant().name();
    }
}
