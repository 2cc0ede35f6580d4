package dev.isolated.postgres;

import java.util.List;

/**
 * What a session is about to send, what it then expects, and how the transaction will stand if all goes well. It is
 * decided before earlier answers are in; therefore the plan is taken anew from what the server has confirmed whenever the
 * session gets the wire. Guarded by its session.
 */
final class Flight {

    private static final String ASIDE = "isolated:aside";

    private final Answers answers;
    private final WireWriter messages = new WireWriter();
    private Standing planned = Standing.UNTOUCHED;

    Flight(Answers answers) {
        this.answers = answers;
    }

    /** The session has got the wire. */
    void begin(Standing confirmed) {
        messages.clear();
        planned = confirmed;
    }

    /** What is to be sent. */
    WireWriter messages() {
        return messages;
    }

    /** How the transaction will stand once everything so far has succeeded. */
    Standing planned() {
        return planned;
    }

    /** A message just as the application has written it. */
    void unchanged(char type, byte[] bytes, int body, int end, Expected answer) {
        unanswered(type, bytes, body, end);
        expect(answer);
    }

    /** The same for one that the server does not answer. */
    void unanswered(char type, byte[] bytes, int body, int end) {
        messages.begin(type).raw(bytes, body, end).end();
    }

    void expect(Expected answer) {
        answers.expect(answer);
        answer.effects().forEach(effect -> planned = planned.after(effect));
    }

    /** Says things unseen. They have a name, because the application's unnamed statement and portal may be in use. */
    void interject(List<Interjection> asides) {
        for (Interjection aside : asides) {
            if (aside.command() != null) {
                command(aside.command());
            } else if (aside.sql().isEmpty()) {
                expect(Expected.hidden(aside));
            } else {
                unprepared(aside);
            }
        }
    }

    private void unprepared(Interjection aside) {
        closeStatements(List.of(ASIDE));
        messages.begin('P').text(ASIDE).text(aside.sql()).int16(0).end();
        messages.begin('B').text(ASIDE).text(ASIDE).int16(0).int16(0).int16(0).end();
        messages.begin('E').text(ASIDE).int32(0).end();
        expect(Expected.HIDDEN_PARSE);
        expect(Expected.HIDDEN_BIND);
        expect(Expected.hidden(aside));
        Wire.closePortal(messages, ASIDE);
        expect(Expected.HIDDEN_CLOSE);
    }

    void command(Command command) {
        command.execute(messages);
        expect(Expected.HIDDEN_BIND);
        expect(Expected.hidden(command));
    }

    /**
     * What is done when transaction control is executed.
     *
     * @param done what follows from its success
     */
    void instead(Instead instead, Runnable done) {
        instead.commands().forEach(this::command);
        instead.sql()
                .forEach(sql -> raised(
                        sql, Expected.execution(instead.effect(), instead.tag()).then(done)));
        if (instead.sql().isEmpty()) {
            expect(Expected.synthetic(instead.effect(), instead.tag()).then(done));
        }
    }

    /** A statement of the sandbox's own, of which the application sees only a failure. */
    void unseen(String sql) {
        raised(sql, Expected.HIDDEN_EXECUTE);
    }

    /** A statement in the application's place whose outcome the application sees. */
    private void raised(String sql, Expected answer) {
        Wire.statement(messages, sql);
        expect(Expected.HIDDEN_PARSE);
        expect(Expected.HIDDEN_BIND);
        expect(answer);
    }

    /** Has the server forget statements, unseen. */
    void closeStatements(List<String> names) {
        for (String name : names) {
            Wire.closeStatement(messages, name);
            expect(Expected.HIDDEN_CLOSE);
        }
    }
}
