package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A schema while a layer is being made in it. Used by one thread. */
final class SchemaBuilding implements Building, AutoCloseable {

    private final PostgresAdmin admin;
    private final Tenant tenant;
    private final DirectAccess access;

    SchemaBuilding(PostgresAdmin admin, Login login, int most, Layer layer) {
        this.admin = admin;
        tenant = new Tenant(layer.describe());
        access = DirectAccess.of(tenant, login, most);
    }

    @Override
    public void asOwner(String sql) {
        try (Connection connection = access.connections().getConnection();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IsolationException(
                    Explanation.couldNot("make " + tenant.name() + " in a schema")
                            .expected("every statement to succeed")
                            .found(e.getMessage() + " (SQLSTATE " + e.getSQLState() + ")")
                            .next("correct it"),
                    e);
        }
    }

    @Override
    public void asAdministrator(String sql) {
        admin.execute(sql);
    }

    @Override
    public Postgres handle() {
        return access.handle();
    }

    @Override
    public void close() {
        tenant.end();
        access.cutOff();
    }
}
