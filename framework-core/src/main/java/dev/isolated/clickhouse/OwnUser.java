package dev.isolated.clickhouse;

import dev.isolated.clickhouse.HttpLine.RefusedException;
import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.NoRoomException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Secret;
import java.util.List;
import java.util.Optional;

/** A user that the library makes for one slice, with another password for each test. Used by one thread at a time. */
final class OwnUser implements SliceUser {

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
        admin.beside().grantTo(name);
        return told;
    }

    /** Where no answer comes, it may have been made. */
    private String created() {
        asked = true;
        try {
            return admin.ask("make the user " + name, "CREATE USER " + name + " " + Passwords.identifiedBy(password));
        } catch (IsolationException e) {
            asked = !(e.getCause() instanceof RefusedException);
            if (e.getCause() instanceof RefusedException reason
                    && RefusedException.refused(e, RefusedException.TOO_MANY_USERS)) {
                throw full(String.valueOf(reason.getMessage()));
            }
            throw e;
        }
    }

    /** Other runs have them, and may give some back. */
    private NoRoomException full(String refusal) {
        return new NoRoomException(Explanation.couldNot(
                        "make the user " + name + " on " + admin.server().describe())
                .expected("room for one more: the embedded engine has as many users as it has roles, for all runs")
                .found(refusal)
                .next("have fewer runs or environments at once (" + Keys.ENVIRONMENTS_MAX + ")"));
    }

    @Override
    public void lockOut() {
        password = Secret.random();
        admin.run("change the password of " + name, "ALTER USER " + name + " " + Passwords.identifiedBy(password));
    }

    /** A user that a server knows has sessions and rights that outlast a password, so there another is made. */
    @Override
    public void renew() {
        if (remade) {
            drop();
            var unused = make();
        }
    }

    @Override
    public void endQueries() {
        admin.run("end the queries of " + name, "KILL QUERY WHERE user = '" + name + "' SYNC");
    }

    @Override
    public void drop() {
        if (asked) {
            remove();
        }
    }

    /** Whoever has made it; one that is gone already is no failure. */
    void remove() {
        admin.run("drop the user " + name, "DROP USER IF EXISTS " + name);
    }

    /** Whose users there are, of all runs; none where the administrator may not see them. */
    static List<Owner> all(ClickHouseAdmin admin) {
        try {
            return admin
                    .rows(
                            "see the users of tests",
                            "SELECT name FROM system.users WHERE startsWith(name, 'isolated_') FORMAT TSV")
                    .stream()
                    .map(Owner::ofUser)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IsolationException e) {
            if (RefusedException.refused(e, RefusedException.DENIED)) {
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public HttpLine line(String database) {
        return new HttpLine(admin.server().endpoint(), name, password, database);
    }
}
