package dev.isolated.postgres;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the messages of one session into those for the physical connection: opens units ahead of them, gives statements
 * and portals their {@link Names} on the server, and replaces what the {@link Emulation} does otherwise. Guarded by its
 * session.
 */
final class Translator {

    private final Sandbox sandbox;
    private final Answers answers;
    private final Upkeep upkeep;
    private final Names names;
    private final Flight flight;
    private final Emulation emulation;
    private final SimpleQuery simple;
    private final Prepared prepared;
    private final Readings readings;
    private final Map<String, Part> portals = new HashMap<>();
    private boolean beginning;
    private boolean copying;

    /** @param number which of the sandbox's connections the session is */
    Translator(Sandbox sandbox, Answers answers, Upkeep upkeep, int number) {
        this.sandbox = sandbox;
        this.answers = answers;
        this.upkeep = upkeep;
        names = new Names(number);
        readings = sandbox.physical().readings();
        prepared = new Prepared(names);
        flight = new Flight(answers);
        emulation = new Emulation(sandbox, upkeep, flight, prepared, number);
        simple = new SimpleQuery(flight, answers, upkeep, emulation);
    }

    /** What is to be sent. */
    WireWriter toServer() {
        return flight.messages();
    }

    /** The session has got the wire. */
    void begin() {
        Standing confirmed = sandbox.standing();
        flight.begin(confirmed);
        emulation.begin(confirmed);
        simple.begin();
        prepared.settle(answers.succeeded());
        beginning = true;
        copying = false;
        for (int count = sandbox.open().closeAbandoned(toServer()); count > 0; count--) {
            flight.expect(Expected.HIDDEN_CLOSE);
        }
    }

    /** What has been said, and done, in the session's open transaction block. */
    Block block() {
        return emulation.block();
    }

    /** The names, on the server, of the statements that the session has prepared. */
    List<String> statementNames() {
        return prepared.names();
    }

    /** Writes what comes next of a simple query, now that what it has begun with has succeeded; false where it is whole. */
    boolean goesOn() {
        return simple.goesOn();
    }

    /** The statement that a message brings; null where it brings none. */
    @Nullable String statement(char type, byte[] bytes, int body) {
        return switch (type) {
            case 'Q' -> Wire.text(bytes, body);
            case 'P' -> Wire.text(bytes, Wire.textEnd(bytes, body) + 1);
            case 'B' -> prepared.sql(Wire.text(bytes, Wire.textEnd(bytes, body) + 1));
            default -> null;
        };
    }

    void translate(char type, byte[] bytes, int body, int end) {
        boolean begins = beginning;
        beginning = false;
        switch (type) {
            case 'P' -> parse(bytes, body, end);
            case 'B' -> bind(bytes, body, end);
            case 'D' -> describe(bytes, body, end);
            case 'C' -> close(bytes, body, end);
            case 'E' -> execute(bytes, body, end);
            case 'Q' -> query(Wire.text(bytes, body), begins);
            case 'F' -> simple.call(bytes, body, end);
            case 'S' -> sync(bytes, body, end);
            case 'c', 'f' -> copied(type, bytes, body, end);
            default -> flight.unanswered(type, bytes, body, end);
        }
    }

    private void query(String sql, boolean begins) {
        List<Part> parts = Part.all(sql, answers.told().conforming());
        if (begins && parts.size() == 1 && emulation.begins(parts.get(0))) {
            beginBlock(parts.get(0));
        } else {
            simple.take(sql, parts);
        }
    }

    /** The driver's {@code BEGIN} is a query of its own, and an exchange; it goes to the server with the first statement. */
    private void beginBlock(Part part) {
        emulation.read(part);
        emulation.begun(part);
        openUnit();
        flight.instead(requireNonNull(emulation.instead(part, false)), emulation.confirming());
        flight.expect(Expected.READY);
    }

    private void parse(byte[] bytes, int body, int end) {
        int text = Wire.textEnd(bytes, body) + 1;
        int types = Wire.textEnd(bytes, text) + 1;
        Part part = readings.of(Wire.text(bytes, text), answers.told().conforming());
        emulation.read(part);
        prepared.put(Wire.text(bytes, body), part);
        openUnit();
        toServer().begin('P');
        names.write(toServer(), bytes, body);
        toServer().text(upkeep.text(part, true)).raw(bytes, types, end).end();
        flight.expect(Expected.PARSE);
    }

    private void bind(byte[] bytes, int body, int end) {
        String portal = Wire.text(bytes, body);
        int statement = Wire.textEnd(bytes, body) + 1;
        int values = Wire.textEnd(bytes, statement) + 1;
        Part bound = prepared.get(Wire.text(bytes, statement)).bound(bytes, values);
        portals.put(portal, bound);
        if (!portal.isEmpty()) {
            emulation.opensCursor();
        }
        openUnit();
        if (emulation.lacksSavepoint(bound, false)) {
            flight.command(Command.SAVEPOINT);
        }
        flight.interject(upkeep.before(bound, flight.planned()));
        toServer().begin('B');
        names.write(toServer(), bytes, body);
        names.write(toServer(), bytes, statement);
        toServer().raw(bytes, values, end).end();
        flight.expect(Expected.BIND);
    }

    private void describe(byte[] bytes, int body, int end) {
        openUnit();
        names.writeMessage(toServer(), 'D', bytes, body, body + 1, end);
        flight.expect(Expected.DESCRIBE);
    }

    private void close(byte[] bytes, int body, int end) {
        if (bytes[body] == 'S') {
            prepared.close(Wire.text(bytes, body + 1));
        } else {
            portals.remove(Wire.text(bytes, body + 1));
        }
        names.writeMessage(toServer(), 'C', bytes, body, body + 1, end);
        flight.expect(Expected.CLOSE);
    }

    private void execute(byte[] bytes, int body, int end) {
        Part bound = portals.getOrDefault(Wire.text(bytes, body), Part.NOTHING);
        emulation.begun(bound);
        openUnit();
        var instead = emulation.instead(bound, false);
        if (instead != null) {
            flight.interject(emulation.closing(instead));
            flight.instead(instead, emulation.confirming());
            return;
        }
        names.writeMessage(toServer(), 'E', bytes, body, body, end);
        flight.expect(Expected.execution(emulation.effect(bound), "")
                .then(upkeep.done(bound.traits()))
                .then(emulation.confirming()));
        flight.interject(upkeep.after(bound.traits()));
        copying |= bound.traits().takesData();
    }

    /** The driver's {@code Sync} ends an autocommit unit, unless it is one that the server ignores in the midst of a copy. */
    private void sync(byte[] bytes, int body, int end) {
        if (!copying && !simple.copying()) {
            flight.interject(emulation.unitEnd());
            emulation.overlapCheck().forEach(flight::unseen);
        }
        flight.unchanged('S', bytes, body, end, Expected.SYNC);
    }

    private void copied(char type, byte[] bytes, int body, int end) {
        flight.unanswered(type, bytes, body, end);
        simple.copied();
        copying = false;
    }

    private void openUnit() {
        emulation.openUnit(flight::interject);
    }
}
