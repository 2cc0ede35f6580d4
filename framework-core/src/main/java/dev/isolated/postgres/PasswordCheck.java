package dev.isolated.postgres;

import java.io.IOException;
import java.util.Arrays;

/**
 * Stands before a session until whoever connects has named the sandbox's role and its password; what they asked for at
 * the start is passed on only then. One thread logs in; afterwards as thread-safe as the session.
 */
final class PasswordCheck implements Peer {

    private static final int CLEARTEXT = 3;

    private final Session session;
    private final Login login;
    private final Inbox inbox = new Inbox();
    private final WireWriter answers = new WireWriter();
    private int read;
    private byte[] start = new byte[0];
    private boolean admitted;
    private boolean refused;

    PasswordCheck(Session session, Login login) {
        this.session = session;
        this.login = login;
    }

    @Override
    public void write(byte[] source, int offset, int length, int timeoutMillis) throws IOException {
        if (admitted) {
            session.write(source, offset, length, timeoutMillis);
        } else {
            inbox.add(source, offset, length);
        }
    }

    @Override
    public void flush(int timeoutMillis) throws IOException {
        while (!admitted && !refused && inbox.complete(start.length > 0)) {
            take(timeoutMillis);
            inbox.consume();
        }
        inbox.compact();
        if (!refused) {
            session.flush(timeoutMillis);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException {
        int count = answers.copy(read, target, offset, length);
        read += count;
        if (count > 0) {
            return count;
        }
        return refused ? -1 : session.read(target, offset, length, timeoutMillis);
    }

    @Override
    public int available() {
        return answers.length() - read + session.available();
    }

    @Override
    public void close() {
        session.close();
    }

    private void take(int timeoutMillis) throws IOException {
        byte[] bytes = inbox.bytes();
        int body = inbox.body();
        if (start.length > 0) {
            passwordGiven(inbox.type() == 'p' ? Wire.text(bytes, body) : "", timeoutMillis);
            return;
        }
        byte[] message = Arrays.copyOfRange(bytes, body - Integer.BYTES, inbox.end());
        switch (Wire.int32(bytes, body)) {
            case Wire.SSL_REQUEST, Wire.GSS_REQUEST, Wire.CANCEL_REQUEST ->
                session.write(message, 0, message.length, timeoutMillis);
            default -> {
                start = message;
                answers.begin('R').int32(CLEARTEXT).end();
            }
        }
    }

    private void passwordGiven(String password, int timeoutMillis) throws IOException {
        String user = user();
        if (user.equals(login.user()) && password.equals(login.password().reveal())) {
            admitted = true;
            session.write(start, 0, start.length, timeoutMillis);
        } else {
            refused = true;
            wrongPassword(user).write(answers, "FATAL");
        }
    }

    /** Whom the start-up message names, after its length and version: names and values up to an empty name. */
    private String user() {
        int at = 2 * Integer.BYTES;
        while (start[at] != 0) {
            int value = Wire.textEnd(start, at) + 1;
            if (Wire.text(start, at).equals("user")) {
                return Wire.text(start, value);
            }
            at = Wire.textEnd(start, value) + 1;
        }
        return "";
    }

    /** What the server says to a wrong user too, with a way out. */
    static Refusal wrongPassword(String user) {
        return new Refusal(
                "28P01",
                "password authentication failed for user \"" + user + "\"",
                "Take the user and the password from the test's Postgres, by its methods user() and password().");
    }
}
