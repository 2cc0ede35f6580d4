package dev.isolated.clickhouse;

import dev.isolated.spi.Endpoint;

/** The one user that a server lets all tests be; nothing but names keeps them apart. Immutable. */
record GivenUser(ClickHouseAdmin admin, Owner owner) implements SliceUser {

    @Override
    public String mark() {
        return "";
    }

    @Override
    public String make() {
        return "";
    }

    @Override
    public void lockOut() {}

    @Override
    public void renew() {}

    /** Those that name a table of the slice's. */
    @Override
    public void endQueries() {
        String user = admin.server().endpoint().user();
        String tables = owner.beginning("");
        admin.run(
                "end the queries on tables " + tables + "*",
                "KILL QUERY WHERE user = " + Quoted.text(user) + " AND position(query, " + Quoted.text(tables)
                        + ") > 0 SYNC");
    }

    @Override
    public void drop() {}

    @Override
    public HttpLine line(String database) {
        Endpoint endpoint = admin.server().endpoint();
        return new HttpLine(endpoint, endpoint.user(), endpoint.password(), database);
    }
}
