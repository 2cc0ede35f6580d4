package dev.isolated.postgres;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A session's time on the wire, from its first message to the server's being ready: what is sent, and the answers taken
 * in. Whatever goes wrong with the connection ends it. Guarded by its session.
 */
final class Exchange {

    private final Session session;
    private final Sandbox sandbox;
    private final Answers answers;
    private final Translator translator;
    private boolean onWire;

    Exchange(Session session, Sandbox sandbox, Answers answers) {
        this.session = session;
        this.sandbox = sandbox;
        this.answers = answers;
        translator = new Translator(sandbox, answers, session.number());
    }

    boolean onWire() {
        return onWire;
    }

    /** The names, on the server, of the statements that the session has prepared. */
    List<String> statementNames() {
        return translator.statementNames();
    }

    /** Waits for the session's turn. */
    void enter() throws Refusal {
        sandbox.enter(session);
        onWire = true;
        translator.begin();
    }

    /** Takes the inbox's current message, to be sent with the next {@link #send}. */
    void translate(Inbox inbox) {
        translator.translate(inbox.type(), inbox.bytes(), inbox.body(), inbox.end());
    }

    void send() throws IOException {
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

    /** Waits for the server, at most so long (0 is for ever), and takes in what it has said. */
    void takeAnswers(int timeoutMillis) throws IOException {
        try {
            PhysicalConnection physical = sandbox.physical();
            physical.readTimeout(timeoutMillis);
            do {
                answers.take(physical);
            } while (!answers.atRest() && physical.buffered());
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            leave();
            throw e;
        }
        if (answers.atRest()) {
            leave();
        }
    }

    /** What comes next depends on how the exchange before it ends; drivers seldom send one without awaiting the other. */
    void awaitRestBeforeNext() throws IOException {
        if (onWire && answers.whole()) {
            send();
            while (onWire) {
                takeAnswers(0);
            }
        }
    }

    /** Brings to its end what the driver may have left in its midst; whether the driver owed the server something. */
    boolean complete(Duration patience) {
        if (!onWire) {
            return false;
        }
        boolean owed = answers.complete(translator.toServer());
        try {
            send();
            long limit = System.nanoTime() + patience.toNanos();
            while (onWire) {
                takeAnswers((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(limit - System.nanoTime())));
            }
        } catch (IOException e) {
            sandbox.cutOff(session + " did not come to rest: " + e.getMessage());
            leave();
        }
        return owed;
    }

    private void leave() {
        answers.abandon();
        onWire = false;
        sandbox.leave(session, session.closed());
    }
}
