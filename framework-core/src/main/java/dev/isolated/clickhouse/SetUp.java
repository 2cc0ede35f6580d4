package dev.isolated.clickhouse;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Base;
import dev.isolated.spi.Bases;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Tenant;
import java.util.List;

/** What every test of a plan starts with: scripts, then code of the user's. Thread-safe as far as that code is. */
record SetUp(List<Script> scripts, List<Base<ClickHouse>> bases) {

    static SetUp of(Plan plan) {
        return new SetUp(
                plan.settings().get(ClickHouseKeys.SCRIPTS).stream()
                        .map(Script::of)
                        .toList(),
                Bases.of(ClickHouse.class, ClickHouseKeys.BASES, plan));
    }

    /** Makes it in a place, as the user of the test that is going to have it. */
    void apply(ClickHouseAdmin admin, HttpLine line, Place place) {
        scripts.forEach(script -> script.runOn(line, place));
        bases.forEach(base -> prepare(base, admin, line, place));
    }

    /** What a base leaves open ends with it. */
    private static void prepare(Base<ClickHouse> base, ClickHouseAdmin admin, HttpLine line, Place place) {
        String name = "the base " + base.getClass().getName();
        var tenant = new Tenant(name);
        var lent = new LeasedPlace(tenant, line, admin, place);
        try {
            base.prepare(new ClickHouse(lent));
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IsolationException(
                    Explanation.couldNot("prepare " + place.describe())
                            .expected(name + " to run to its end")
                            .found(e.toString())
                            .next("correct it; it works as the test's own user, in the test's own database"),
                    e);
        } finally {
            tenant.end();
            lent.end();
        }
    }
}
