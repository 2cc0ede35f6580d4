package dev.isolated.postgres;

import dev.isolated.spi.Tenant;

/** A tenant's ways to a database without a sandbox: its connections, and the URL that leads to more of them. Thread-safe. */
record DirectAccess(DirectConnections connections, UrlToken token) {

    /** For {@code most} connections at the same time, which the server sees to. */
    static DirectAccess of(Tenant tenant, Login login, int most) {
        var connections = new DirectConnections(tenant, login, most);
        return new DirectAccess(connections, new UrlToken(new DirectDoor(connections)));
    }

    Postgres handle() {
        return new Postgres(connections, token);
    }

    /** Ends it, and reports what is still open; the tenant's time is over. */
    void cutOff() {
        token.revoke();
        connections.cutOff();
    }
}
