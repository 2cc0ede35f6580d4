package dev.isolated.clickhouse;

import dev.isolated.clickhouse.HttpLine.RefusedException;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Secret;

/** A user that the library makes for one slice, with another password for each test. Used by one thread at a time. */
final class OwnUser implements SliceUser {

    /** What tests read and do beside their own tables; in the system's tables each user sees but what it has rights to. */
    private static final String BESIDE = "CREATE TEMPORARY TABLE ON *.*, SELECT ON system.parts, SELECT ON"
            + " system.parts_columns, SELECT ON system.mutations, SELECT ON system.merges, SELECT ON system.dictionaries";

    private final ClickHouseAdmin admin;
    private final String name;
    private Secret password = Secret.random();
    private boolean asked;
    private boolean remade;

    OwnUser(ClickHouseAdmin admin, String name) {
        this.admin = admin;
        this.name = name;
    }

    @Override
    public String mark() {
        return name;
    }

    @Override
    public String make() {
        String told = created();
        // Whoever says how names begin ends a user's sessions with its password.
        remade = told.isEmpty();
        grantWhatIsBeside();
        return told;
    }

    /** Where no answer comes, it may have been made. */
    private String created() {
        asked = true;
        try {
            return admin.ask("make the user " + name, "CREATE USER " + name + " " + Passwords.identifiedBy(password));
        } catch (IsolationException e) {
            asked = !(e.getCause() instanceof RefusedException);
            throw e;
        }
    }

    private void grantWhatIsBeside() {
        try {
            admin.run("grant what tests need beside their tables", "GRANT " + BESIDE + " TO " + name);
        } catch (IsolationException e) {
            if (!RefusedException.refused(e, RefusedException.DENIED)) {
                throw e;
            }
            Log.LOGGER.log(System.Logger.Level.DEBUG, "tests do without: {0}", e.getMessage());
        }
    }

    /** A user that a server knows has sessions and rights that outlast a password, so there another is made. */
    @Override
    public void renew() {
        password = Secret.random();
        if (remade) {
            drop();
            var unused = make();
            return;
        }
        admin.run("change the password of " + name, "ALTER USER " + name + " " + Passwords.identifiedBy(password));
    }

    @Override
    public void endQueries() {
        admin.run("end the queries of " + name, "KILL QUERY WHERE user = '" + name + "' SYNC");
    }

    @Override
    public void drop() {
        if (asked) {
            admin.run("drop the user " + name, "DROP USER IF EXISTS " + name);
        }
    }

    @Override
    public HttpLine line(String database) {
        return new HttpLine(admin.server().endpoint(), name, password, database);
    }
}
