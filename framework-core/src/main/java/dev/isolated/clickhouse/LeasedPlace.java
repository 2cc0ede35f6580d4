package dev.isolated.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientConfigProperties;
import com.clickhouse.jdbc.DataSourceImpl;
import dev.isolated.spi.Tenant;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** How one lease gets at its tables: each thing is made when it is first wanted, and none when the lease is over. Thread-safe. */
final class LeasedPlace {

    /** For how long a server may be silent, as servers have it for clients; the drivers would wait for ever. */
    private static final Duration SILENCE = Duration.ofMinutes(5);

    private final Tenant tenant;
    private final HttpLine line;
    private final ClickHouseAdmin admin;
    private final Place place;
    private @Nullable TenantDataSource dataSource;
    private @Nullable Client client;

    LeasedPlace(Tenant tenant, HttpLine line, ClickHouseAdmin admin, Place place) {
        this.tenant = tenant;
        this.line = line;
        this.admin = admin;
        this.place = place;
    }

    Tenant tenant() {
        return tenant;
    }

    /** The way to the database. */
    HttpLine line() {
        return line;
    }

    Place place() {
        return place;
    }

    synchronized DataSource dataSource() {
        tenant.verify();
        TenantDataSource made = dataSource;
        if (made == null) {
            var properties = new Properties();
            properties.setProperty("user", line.user());
            properties.setProperty("password", line.password().reveal());
            properties.setProperty(
                    ClientConfigProperties.SOCKET_OPERATION_TIMEOUT.getKey(), Long.toString(SILENCE.toMillis()));
            String url = "jdbc:clickhouse://" + line.endpoint().address() + "/" + line.database();
            made = new TenantDataSource(tenant, new DataSourceImpl(url, properties));
            dataSource = made;
        }
        return made;
    }

    synchronized Client client() {
        tenant.verify();
        Client made = client;
        if (made == null) {
            made = new Client.Builder()
                    .addEndpoint("http://" + line.endpoint().address())
                    .setUsername(line.user())
                    .setPassword(line.password().reveal())
                    .setDefaultDatabase(line.database())
                    .setSocketTimeout(SILENCE.toMillis())
                    .build();
            client = made;
        }
        return made;
    }

    void settle(Duration limit) {
        tenant.verify();
        new Settling(admin, place, limit).await();
    }

    /** Closes everything, and reports what the test should have closed. */
    synchronized void end() {
        if (dataSource != null) {
            dataSource.end();
            dataSource = null;
        }
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
