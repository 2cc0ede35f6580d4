package dev.isolated.postgres;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
    private @Nullable Refusal refusal;

    Exchange(Session session, Sandbox sandbox, Answers answers, Upkeep upkeep) {
        this.session = session;
        this.sandbox = sandbox;
        this.answers = answers;
        translator = new Translator(sandbox, answers, upkeep, session.number());
    }

    boolean onWire() {
        return onWire;
    }

    /** What has been said in the session's open transaction block. */
    Block block() {
        return translator.block();
    }

    /** The names, on the server, of the statements that the session has prepared. */
    List<String> statementNames() {
        return translator.statementNames();
    }

    /** The statement that a message brings; null where it brings none. */
    @Nullable String statement(Inbox inbox) {
        return translator.statement(inbox.type(), inbox.bytes(), inbox.body());
    }

    /** What the driver writes next is another exchange; a refusal holds for all that it wrote before it read. */
    void forgetRefusal() {
        refusal = null;
    }

    /**
     * Takes the inbox's current message, to be sent with the next {@link #send}, once it is the session's turn.
     *
     * @param timeoutMillis how long its driver waits for an answer; 0 is for ever
     * @throws Refusal when the server cannot but give up the connection for it
     */
    void take(Inbox inbox, int timeoutMillis) throws IOException, Refusal {
        char type = inbox.type();
        boolean copied = type == 'd' || type == 'c' || type == 'f';
        if (onWire && !copied && endsBefore(type)) {
            awaitRest(type, timeoutMillis);
        }
        if (onWire) {
            translate(inbox);
        } else if (!copied) { // as the server does, what is left of a copy that has failed is skipped
            enterWith(inbox, timeoutMillis);
        }
    }

    /** Drivers ask by a text without a statement whether a connection lives. It would wait for nobody in production. */
    private static boolean asksForLife(Inbox inbox) {
        return inbox.type() == 'Q' && inbox.blank();
    }

    private boolean endsBefore(char type) {
        return answers.whole() || (answers.open() && (type == 'Q' || type == 'F'));
    }

    private void enterWith(Inbox inbox, int timeoutMillis) throws SocketTimeoutException {
        if (refusal == null && !enter(inbox, timeoutMillis)) {
            answers.nothing();
            return;
        }
        char type = inbox.type();
        if (refusal == null) {
            translate(inbox);
        } else if (type == 'S' || type == 'Q' || type == 'F') {
            refusal.write(answers.outbox().writer(), "ERROR");
            answers.ready(sandbox.inTransaction(session) ? 'E' : 'I');
        }
    }

    /** False where the wire is another's and nothing is asked of the server that is worth waiting for. */
    private boolean enter(Inbox inbox, int timeoutMillis) throws SocketTimeoutException {
        try {
            session.requireNotUndone();
            if (!asksForLife(inbox)) {
                sandbox.enter(session, timeoutMillis);
            } else if (!sandbox.enterIfIdle(session)) {
                return false;
            }
            onWire = true;
            translator.begin();
        } catch (Refusal e) {
            refusal = e;
        }
        return true;
    }

    private void translate(Inbox inbox) {
        translator.translate(inbox.type(), inbox.bytes(), inbox.body(), inbox.end());
    }

    /** What comes next depends on how the exchange before it ends; drivers seldom send one without awaiting the other. */
    private void awaitRest(char type, int timeoutMillis) throws IOException, Refusal {
        send();
        while (onWire) {
            if (answers.copyingIn()) {
                String code = Integer.toHexString(type).toUpperCase(Locale.ROOT);
                throw new Refusal("08P01", "unexpected message type 0x" + code + " during COPY from stdin", "");
            }
            takeAnswers(timeoutMillis);
        }
    }

    void send() throws IOException {
        if (!onWire) {
            return;
        }
        if (answers.open()) {
            answers.close(translator.toServer());
        }
        if (translator.toServer().length() == 0) {
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
            goOn();
        }
    }

    /** A simple query may be sent in parts, of which the next depends on how the one before has ended. */
    private void goOn() throws IOException {
        if (answers.succeeded() && translator.goesOn()) {
            send();
        } else {
            leave();
        }
    }

    /** Brings to its end what has been cancelled, perhaps in its midst; whether the driver owed the server something. */
    boolean complete(Duration patience) {
        if (!onWire) {
            return false;
        }
        boolean owed = answers.complete(translator.toServer());
        try {
            send();
            long limit = System.nanoTime() + patience.toNanos();
            while (onWire) {
                takeAnswersOrCancel(limit);
            }
        } catch (IOException e) {
            sandbox.cutOff(session + " did not come to rest: " + e.getMessage());
            leave();
        }
        return owed;
    }

    private void takeAnswersOrCancel(long limit) throws IOException {
        try {
            takeAnswers((int) Cancelling.AGAIN.toMillis());
        } catch (SocketTimeoutException e) {
            if (System.nanoTime() > limit) {
                throw e;
            }
            session.cancel();
        }
    }

    private void leave() {
        answers.abandon();
        onWire = false;
        sandbox.leave(session, session.closed());
    }
}
