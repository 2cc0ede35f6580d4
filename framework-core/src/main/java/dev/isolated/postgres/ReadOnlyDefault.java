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

    private final Set<String> own;
    private boolean declared;
    private boolean told;
    private String origin = PARAMETER;

    /** @param own the names of all parameters that the connection has set */
    ReadOnlyDefault(Set<String> own) {
        this.own = own;
    }

    /** Whether the connection has one. */
    boolean applies() {
        return own.contains(PARAMETER);
    }

    /** A unit opens. */
    void opening() {
        declared = false;
        origin = PARAMETER;
    }

    /** What goes ahead of the first statement of a transaction of which only the default says what it may do. */
    List<Interjection> before(Part part, Standing planned) {
        boolean tells = part.traits().verb().equals(Traits.ACCESS);
        if (declared || (part.control().kind() == Control.Kind.BEGIN && !tells)) {
            return List.of();
        }
        declared = true;
        told = tells;
        if (tells || !applies() || planned.phase() == Standing.Phase.FAILED) {
            return List.of();
        }
        var said = new ArrayList<Interjection>();
        if (!planned.savepoint()) {
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
     */
    void chains(boolean kept) {
        boolean inherits = kept && applies();
        origin = inherits ? INHERITED : origin;
        declared = told && !inherits;
    }

    /** Has the transaction that ends say to the next one in the chain what it may do. */
    static Interjection bequeathing() {
        return Interjection.sql("SELECT pg_catalog.set_config('" + INHERITED
                + "', pg_catalog.current_setting('transaction_read_only'), false)");
    }
}
