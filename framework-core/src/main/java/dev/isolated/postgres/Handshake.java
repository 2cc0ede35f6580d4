package dev.isolated.postgres;

import dev.isolated.postgres.Greetings.Greeting;

/**
 * How a connection begins: requests for encryption are declined, a cancel is passed on, and who asks to start is greeted
 * as by the server, or refused. Guarded by its session.
 */
final class Handshake {

    /** What has become of the connection. */
    enum Outcome {
        GOES_ON,
        STARTED,
        OVER
    }

    private final Session session;
    private final Sandbox sandbox;
    private final Upkeep upkeep;
    private final Reports.Told told;
    private final WireWriter out;

    Handshake(Session session, Sandbox sandbox, Upkeep upkeep, Answers answers) {
        this.session = session;
        this.sandbox = sandbox;
        this.upkeep = upkeep;
        told = answers.told();
        out = answers.outbox().writer();
    }

    /** Acts on one message. */
    Outcome take(byte[] bytes, int body, int end) {
        return switch (Wire.int32(bytes, body)) {
            case Wire.SSL_REQUEST, Wire.GSS_REQUEST -> {
                out.octet('N');
                yield Outcome.GOES_ON;
            }
            case Wire.CANCEL_REQUEST -> {
                sandbox.cancel(Wire.int32(bytes, body + 8));
                yield Outcome.OVER;
            }
            default -> start(bytes, body + 4, end);
        };
    }

    private Outcome start(byte[] bytes, int from, int end) {
        try {
            requireTime();
            PhysicalConnection physical = sandbox.physical();
            Greeting greeting = physical.greetings()
                    .of(
                            bytes,
                            from,
                            end,
                            sandbox.shared().isolation(),
                            sandbox.tenant().name());
            upkeep.begin(greeting.own());
            greet(physical, greeting);
            return Outcome.STARTED;
        } catch (Refusal e) {
            e.write(out, "FATAL");
            return Outcome.OVER;
        }
    }

    private void requireTime() throws Refusal {
        if (sandbox.tenant().ended()) {
            throw new Refusal("57P01", sandbox.tenant().whatEnded().toString(), "");
        }
    }

    private void greet(PhysicalConnection physical, Greeting greeting) {
        sandbox.open().add(session);
        told.greeted(greeting.parameters());
        greeting.tell(out);
        out.begin('K').int32(physical.backendPid()).int32(session.number()).end();
        Wire.ready(out, 'I');
    }
}
