package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import dev.isolated.spi.Tenant;

/** Why what a class has prepared cannot be what its tests start from: nobody knows yet whether all of it is to stay. */
final class UndecidedTransaction {

    private UndecidedTransaction() {}

    /** By whom it was prepared, and where the transaction is that is still open. */
    static SettingsException refused(Tenant tenant, String where) {
        return new SettingsException(Explanation.couldNot(
                        "make what was prepared for " + tenant.name() + " what each of its tests starts from")
                .expected("that every transaction in it was committed or rolled back")
                .found("one that is open, " + where)
                .next("end it in @BeforeAll, where it was begun"));
    }
}
