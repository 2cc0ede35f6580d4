package dev.isolated.clickhouse;

import com.clickhouse.client.api.Client;
import dev.isolated.clickhouse.HttpLine.RefusedException;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Blueprint;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slices;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** ClickHouse as a service; {@link java.util.ServiceLoader} makes it. Stateless. */
public final class ClickHouseService implements Service<ClickHouse> {

    /** Each test has a database of its own, and a user that can reach no other. */
    public static final String DATABASE = "DATABASE";

    /** Tests share a database, each with tables whose names begin in its own way, for servers where none may be made. */
    public static final String PREFIX = "PREFIX";

    private static final Blueprint BLUEPRINT = new Blueprint(
            8123,
            8125,
            "default",
            "clickhouse/clickhouse-server:26.3",
            "CLICKHOUSE_PASSWORD",
            List.of("CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT=1"),
            List.of(),
            "/var/lib/clickhouse");

    @Override
    public String name() {
        return "clickhouse";
    }

    @Override
    public Class<ClickHouse> handle() {
        return ClickHouse.class;
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(ClickHouseKeys.SCRIPTS, ClickHouseKeys.BASES, ClickHouseKeys.DATABASE);
    }

    @Override
    public Map<Class<?>, Function<ClickHouse, Object>> views() {
        return Map.of(Client.class, ClickHouse::client);
    }

    @Override
    public List<String> modes() {
        return List.of(DATABASE, PREFIX);
    }

    @Override
    public boolean takesBases() {
        return true;
    }

    @Override
    public Optional<Blueprint> blueprint() {
        return Optional.of(BLUEPRINT);
    }

    @Override
    public void warmUp() throws IOException, SQLException {
        Rehearsal.play();
    }

    @Override
    public Server takeOver(Server started) {
        var admin = new ClickHouseAdmin(started);
        String version = admin.version();
        return started.withPassword(ownPassword(admin), version);
    }

    /** A new one, but where the administrator is in a file of the server's, which nobody can change from outside. */
    private static Secret ownPassword(ClickHouseAdmin admin) {
        Secret changed = Secret.random();
        Endpoint endpoint = admin.server().endpoint();
        try {
            admin.run(
                    "change the administrator's password",
                    "ALTER USER " + endpoint.user() + " " + Passwords.identifiedBy(changed));
            return changed;
        } catch (IsolationException e) {
            if (RefusedException.refused(e, RefusedException.STORAGE_READ_ONLY)) {
                return endpoint.password();
            }
            throw e;
        }
    }

    @Override
    public void check(Server running) {
        new ClickHouseAdmin(running).version();
    }

    @Override
    public Slices<ClickHouse> connect(Server server, Plan plan) {
        return ClickHouseSlices.open(server, plan);
    }
}
