package dev.isolated.postgres;

import java.util.Map;
import java.util.TreeMap;

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
            Map<String, String> own = new StartUpParameters(
                            physical.parameters(),
                            sandbox.shared().isolation(),
                            sandbox.tenant().name())
                    .own(bytes, from, end);
            upkeep.begin(own);
            greet(physical, own);
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

    private void greet(PhysicalConnection physical, Map<String, String> own) {
        sandbox.open().add(session);
        out.begin('R').int32(0).end();
        var parameters = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        parameters.putAll(physical.parameters());
        parameters.replaceAll(own::getOrDefault);
        told.greeted(parameters);
        parameters.forEach(
                (name, value) -> out.begin('S').text(name).text(value).end());
        out.begin('K').int32(physical.backendPid()).int32(session.number()).end();
        Wire.ready(out, 'I');
    }
}
