package dev.isolated.clickhouse;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user, and the database that it has just now. Between two tests the user gets another password and another database: what
 * led to the last one leads nowhere.
 */
final class DatabaseSlice implements Slice<ClickHouse> {

    private final ClickHouseAdmin admin;
    private final Owner owner;
    private final List<Script> scripts;
    private String told = "";
    private int generation;
    private boolean userMade;
    private Secret password = Secret.random();
    private @Nullable LeasedDatabase leased;

    DatabaseSlice(ClickHouseAdmin admin, Owner owner, List<Script> scripts) {
        this.admin = admin;
        this.owner = owner;
        this.scripts = scripts;
    }

    /** Makes the user and the first database. */
    void begin() {
        told = admin.ask(
                "make the user " + owner.user(),
                "CREATE USER " + owner.user() + " " + Passwords.identifiedBy(password));
        userMade = true;
        makeDatabase();
    }

    @Override
    public ClickHouse handOut(Tenant tenant) {
        var handed = new LeasedDatabase(tenant, line());
        leased = handed;
        return new ClickHouse(handed);
    }

    /** What the test may still have leads into its own database only, so the rest need not hold up the test. */
    @Override
    public void reset() {
        letGo();
    }

    @Override
    public void awaitReset() {
        password = Secret.random();
        admin.run(
                "change the password of " + owner.user(),
                "ALTER USER " + owner.user() + " " + Passwords.identifiedBy(password));
        dropDatabases();
        generation++;
        makeDatabase();
    }

    @Override
    public List<Evidence> evidence() {
        return new DatabaseEvidence(admin, database()).all();
    }

    @Override
    public void destroy() {
        letGo();
        if (!userMade || admin.server().hold().death().isPresent()) {
            return;
        }
        try {
            dropDatabases();
        } finally {
            admin.run("drop the user " + owner.user(), "DROP USER IF EXISTS " + owner.user());
        }
    }

    @Override
    public String describe() {
        return "ClickHouse database " + database();
    }

    private String database() {
        return owner.database(told, generation);
    }

    private HttpLine line() {
        return new HttpLine(admin.server().endpoint(), owner.user(), password, database());
    }

    private void letGo() {
        if (leased != null) {
            leased.end();
            leased = null;
        }
    }

    private void makeDatabase() {
        String name = database();
        admin.run(
                "make the database " + name,
                "CREATE DATABASE " + name + " " + new Mark(name, owner.run(), owner.user()).comment());
        admin.run("grant it to " + owner.user(), "GRANT ALL ON " + name + ".* TO " + owner.user());
        scripts.forEach(script -> script.runOn(line()));
    }

    /** All that the user could make, after what it has running was ended. */
    private void dropDatabases() {
        admin.run("end the queries of " + owner.user(), "KILL QUERY WHERE user = '" + owner.user() + "' SYNC");
        for (String name : admin.rows(
                "see the databases of " + owner.user(),
                "SELECT name FROM system.databases WHERE startsWith(name, '" + owner.territory(told) + "')")) {
            admin.run("drop the database " + name, "DROP DATABASE IF EXISTS `" + name + "` SYNC");
        }
    }
}
