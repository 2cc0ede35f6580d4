package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Server;
import java.sql.SQLException;
import java.util.List;

/** What a server that is somebody else's must allow. Stateless. */
final class Requirements {

    private static final String MISSING = """
            WITH me AS (SELECT * FROM pg_roles WHERE rolname = current_user)
            SELECT 'version ' || current_setting('server_version') || ', and 14 is the oldest that is supported'
              WHERE current_setting('server_version_num')::int < 140000
            UNION ALL
            SELECT 'that ' || rolname || ' may not create databases (ALTER ROLE ' || quote_ident(rolname) || ' CREATEDB)'
              FROM me WHERE NOT rolsuper AND NOT rolcreatedb
            UNION ALL
            SELECT 'that ' || rolname || ' may not create roles (ALTER ROLE ' || quote_ident(rolname) || ' CREATEROLE)'
              FROM me WHERE NOT rolsuper AND NOT rolcreaterole
            """;

    private Requirements() {}

    /** Fails with everything that is missing. */
    static void check(Server server, PostgresAdmin admin) {
        List<String> missing = admin.query(MISSING);
        if (!missing.isEmpty()) {
            throw new IsolationException(Explanation.couldNot("use " + server.describe() + " for tests")
                    .expected("version 14 or newer, and an administrator who may create databases and roles")
                    .found(String.join("; ", missing))
                    .next("let a superuser run what is in brackets, or name another server or administrator in the"
                            + " settings isolated.postgres.*"));
        }
    }

    /** What to do where the server does not let its administrator in. */
    static String remedy(Server server, SQLException refusal) {
        if (server.tenure().ours()) {
            return "see the server's log";
        }
        return switch (String.valueOf(refusal.getSQLState())) {
            case "28P01" -> "correct isolated.postgres.user and isolated.postgres.password";
            case "28000" ->
                "allow that user from this machine in the server's pg_hba.conf, and see whether that asks for"
                        + " isolated.postgres.tls";
            case "3D000" -> "create the database that it names, which is where this library works from";
            default ->
                "check isolated.postgres.host, isolated.postgres.port and isolated.postgres.tls, and the server's log";
        };
    }
}
