package dev.isolated.postgres;

import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How a sandbox ends: silence on the wire, then the rollback, which is begun on the test's path and may be awaited by
 * another thread. Used by one thread at a time.
 */
final class Ending {

    private static final Duration LAST_GRACE = Duration.ofSeconds(5);

    private final PhysicalConnection physical;
    private final Tenant tenant;
    private final Turn turn;
    private volatile boolean undoing;

    Ending(PhysicalConnection physical, Tenant tenant, Turn turn) {
        this.physical = physical;
        this.tenant = tenant;
        this.turn = turn;
    }

    /** Waits for a running statement, and cancels it when the grace is over. */
    void silence(Duration grace, Consumer<String> report) throws IOException {
        if (turn.awaitSilence(grace)) {
            return;
        }
        Session busy = turn.onWire();
        if (busy != null) {
            report.accept("a running statement, cancelled, on a connection " + busy.opened());
            busy.cancel();
            busy.drain();
        }
        if (!turn.awaitSilence(LAST_GRACE)) {
            throw new IOException("a statement of " + tenant.name() + " did not end when it was cancelled");
        }
    }

    /** Sends, in one flight, all that leaves nothing of the test on the connection. */
    void undo(Standing standing, OpenThings open, String sequences) throws IOException {
        var out = new WireWriter();
        if (standing.transaction()) {
            Command.ROLLBACK.execute(out);
        }
        open.closeStatements(out);
        Command.FREE_ADVISORY_LOCKS.execute(out);
        Command.FORGET_SEQUENCES.execute(out);
        if (!sequences.isEmpty()) {
            Wire.statement(out, sequences);
        }
        Wire.sync(out);
        physical.send(out);
        undoing = true;
    }

    /** Waits until the server has rolled back, if anything was to be. */
    void await() throws IOException {
        if (undoing) {
            physical.readTimeout((int) LAST_GRACE.toMillis());
            if (physical.awaitReady() != 'I') {
                throw new IOException("the transaction of " + tenant.name() + " did not end");
            }
            undoing = false;
        }
    }
}
