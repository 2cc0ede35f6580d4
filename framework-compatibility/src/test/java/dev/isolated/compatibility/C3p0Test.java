package dev.isolated.compatibility;

import static org.awaitility.Awaitility.await;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.mchange.v2.c3p0.DataSources;
import com.mchange.v2.c3p0.impl.AbstractPoolBackedDataSource;
import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** c3p0, which opens and closes connections on threads of its own, for whose end its {@code close} does not wait. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class C3p0Test {

    private static final String CLOSER = "Resource Destroyer in BasicResourcePool.close()";

    @Test
    void case25C3p0OverTheDataSource(Postgres postgres) throws Exception {
        DataSource plain = postgres.dataSource();
        Map<String, Integer> sizes =
                Map.of("initialPoolSize", PoolUse.SIZE, "minPoolSize", PoolUse.SIZE, "maxPoolSize", PoolUse.SIZE);
        var pool = (AbstractPoolBackedDataSource) DataSources.pooledDataSource(plain, sizes);
        try {
            PoolUse.works(pool);
        } finally {
            close(pool);
        }
    }

    @ParameterizedTest
    @EnumSource
    void case25C3p0OverAUrl(Access access, Postgres postgres) throws Exception {
        var pool = new ComboPooledDataSource();
        try {
            pool.setDriverClass(access.driver());
            pool.setJdbcUrl(access.url(postgres));
            pool.setUser(postgres.user());
            pool.setPassword(postgres.password().reveal());
            pool.setInitialPoolSize(PoolUse.SIZE);
            pool.setMinPoolSize(PoolUse.SIZE);
            pool.setMaxPoolSize(PoolUse.SIZE);
            pool.setTestConnectionOnCheckout(true);
            PoolUse.works(pool);
        } finally {
            close(pool);
        }
    }

    private static void close(AbstractPoolBackedDataSource pool) throws Exception {
        await().until(() -> pool.getNumIdleConnectionsDefaultUser() == PoolUse.SIZE);
        pool.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(CLOSER)) {
                thread.join();
            }
        }
    }
}
