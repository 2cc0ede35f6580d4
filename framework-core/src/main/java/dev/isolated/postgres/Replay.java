package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.List;

/** Reads what a database has that its copies do not take along: settings and grants of the database itself. Stateless. */
final class Replay {

    /** Settings that are lists of names: as they stand, each name is already quoted where it needs it. */
    private static final String LISTS =
            "'search_path', 'temp_tablespaces', 'session_preload_libraries'," + " 'local_preload_libraries'";

    private static final String ASSIGNMENT = "quote_ident(name) || ' TO ' || CASE WHEN name IN (" + LISTS
            + ") THEN value ELSE quote_literal(value) END FROM pg_db_role_setting, unnest(setconfig) AS entry,"
            + " LATERAL (SELECT split_part(entry, '=', 1) AS name, substr(entry, strpos(entry, '=') + 1) AS value) parts";

    private static final String SETTINGS = "SELECT CASE WHEN setrole = 0 THEN 'ALTER DATABASE " + Template.CLONE
            + " SET ' WHEN setrole = '%2$s'::regrole THEN 'ALTER ROLE " + Template.CLONE + " IN DATABASE "
            + Template.CLONE + " SET ' ELSE format('ALTER ROLE %%s IN DATABASE " + Template.CLONE
            + " SET ', setrole::regrole) END || " + ASSIGNMENT
            + " WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = '%1$s')";

    private static final String ROLE_SETTINGS = "SELECT 'ALTER ROLE " + Template.CLONE + " SET ' || " + ASSIGNMENT
            + " WHERE setdatabase = 0 AND setrole = '%s'::regrole";

    private static final String GRANTS = "SELECT format('GRANT %%s ON DATABASE " + Template.CLONE
            + " TO %%s', privilege_type, grantee::regrole) || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END"
            + " FROM pg_database, aclexplode(datacl) WHERE datname = '%1$s' AND grantee <> 0"
            + " AND grantee <> datdba AND grantee <> '%2$s'::regrole";

    private Replay() {}

    /** Statements in which {@link Template#CLONE} stands for the copy's name, which is also that of its role. */
    static List<String> of(PostgresAdmin admin, String database, String owner) {
        return admin.query(String.format(SETTINGS + " UNION ALL " + GRANTS, database, owner));
    }

    /** Statements that take a role's own settings back to what they are. */
    static List<String> ofRole(PostgresAdmin admin, String role) {
        var statements = new ArrayList<>(List.of("ALTER ROLE " + Template.CLONE + " RESET ALL"));
        statements.addAll(admin.query(String.format(ROLE_SETTINGS, role)));
        return statements;
    }
}
