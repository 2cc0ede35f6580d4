package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The connection's own default of whether transactions are read-only. The server looks at it when a transaction begins;
 * the sandbox's has begun already, so that it is told before a transaction's first statement. Guarded by its session.
 */
final class ReadOnlyDefault {

    private static final String PARAMETER = "default_transaction_read_only";
    private static final String INHERITED = "isolated.inherited.read_only";

    private static final Said NOTHING = new Said(false, false, PARAMETER);

    private final Set<String> own;
    private Said confirmed = NOTHING;
    private Said planned = NOTHING;

    /**
     * What has been said of a transaction. Immutable.
     *
     * @param declared whether the server has been told what it may do
     * @param told whether that was the application's word
     * @param origin where the default is
     */
    private record Said(boolean declared, boolean told, String origin) {}

    /** @param own the names of all parameters that the connection has set */
    ReadOnlyDefault(Set<String> own) {
        this.own = own;
    }

    /** Whether the connection has one. */
    boolean applies() {
        return own.contains(PARAMETER);
    }

    /** An exchange begins: what the last one was to say, and did not come to, has not been said. */
    void begin() {
        planned = confirmed;
    }

    /** To be done when everything so far has succeeded. */
    Runnable confirming() {
        Said said = planned;
        return said.equals(confirmed) ? Expected.NOTHING : () -> confirmed = said;
    }

    /** A unit opens. */
    void opening() {
        planned = NOTHING;
    }

    /** What goes ahead of the first statement of a transaction of which only the default says what it may do. */
    List<Interjection> before(Part part, Standing standing) {
        boolean tells = part.traits().verb().equals(Traits.ACCESS);
        // Which is a transaction of its own, and the default of the one behind it is another.
        boolean discards = part.traits().verb().equals(Traits.DISCARD_ALL);
        if (planned.declared() || discards || (part.control().kind() == Control.Kind.BEGIN && !tells)) {
            return List.of();
        }
        String origin = planned.origin();
        planned = new Said(true, tells, origin);
        if (tells || !applies() || standing.phase() == Standing.Phase.FAILED) {
            return List.of();
        }
        var said = new ArrayList<Interjection>();
        if (!standing.savepoint()) {
            said.add(Command.SAVEPOINT.interjection());
        }
        said.add(Interjection.sql("SELECT pg_catalog.set_config('transaction_read_only', 'on', true)"
                + " WHERE pg_catalog.current_setting('" + origin + "') = 'on'"));
        return said;
    }

    /**
     * The next transaction begins at once, and is like the one that ends; what only the default has said of that one is to
     * be said anew.
     *
     * @param kept whether the one that ends is kept, and with it what it has changed of the default
     * @param forgotten whether its failure has undone what the application has told
     */
    void chains(boolean kept, boolean forgotten) {
        boolean inherits = kept && applies();
        boolean told = planned.told() && !forgotten;
        planned = inherits ? new Said(false, told, INHERITED) : new Said(told, told, planned.origin());
    }

    /** Has the transaction that ends say to the next one in the chain what it may do. */
    static Interjection bequeathing() {
        return Interjection.sql("SELECT pg_catalog.set_config('" + INHERITED
                + "', pg_catalog.current_setting('transaction_read_only'), false)");
    }
}
