package dev.isolated.compatibility;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.time.Duration;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.dbcp2.DataSourceConnectionFactory;
import org.apache.commons.dbcp2.PoolableConnectionFactory;
import org.apache.commons.dbcp2.PoolingDataSource;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connection pools over a test's DataSource and over its URLs; each is closed in the end and must leave nothing open. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class PoolsTest {

    @Test
    void case25HikariOverTheDataSource(Postgres postgres) throws Exception {
        var config = new HikariConfig();
        config.setDataSource(postgres.dataSource());
        config.setMaximumPoolSize(PoolUse.SIZE);
        try (var pool = new HikariDataSource(config)) {
            PoolUse.works(pool);
        }
    }

    @ParameterizedTest
    @EnumSource
    void case25HikariOverAUrl(Access access, Postgres postgres) throws Exception {
        var config = new HikariConfig();
        config.setJdbcUrl(access.url(postgres));
        config.setDriverClassName(access.driver());
        config.setUsername(postgres.user());
        config.setPassword(postgres.password().reveal());
        config.setMaximumPoolSize(PoolUse.SIZE);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setConnectionTestQuery("select 1");
        try (var pool = new HikariDataSource(config)) {
            PoolUse.works(pool);
        }
    }

    @ParameterizedTest
    @EnumSource
    void case25AgroalOverAUrl(Access access, Postgres postgres) throws Exception {
        var config = new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(PoolUse.SIZE)
                        .acquisitionTimeout(Duration.ofSeconds(10))
                        .validateOnBorrow(true)
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(access.url(postgres))
                                .connectionProviderClassName(access.driver())
                                .principal(new NamePrincipal(postgres.user()))
                                .credential(
                                        new SimplePassword(postgres.password().reveal()))));
        try (AgroalDataSource pool = AgroalDataSource.from(config)) {
            PoolUse.works(pool);
        }
    }

    @Test
    void case25DbcpOverTheDataSource(Postgres postgres) throws Exception {
        var factory = new PoolableConnectionFactory(new DataSourceConnectionFactory(postgres.dataSource()), null);
        var connections = new GenericObjectPool<>(factory);
        connections.setMaxTotal(PoolUse.SIZE);
        factory.setPool(connections);
        try (var pool = new PoolingDataSource<>(connections)) {
            PoolUse.works(pool);
        }
    }

    @ParameterizedTest
    @EnumSource
    void case25DbcpOverAUrl(Access access, Postgres postgres) throws Exception {
        try (var pool = new BasicDataSource()) {
            pool.setDriverClassName(access.driver());
            pool.setUrl(access.url(postgres));
            pool.setUsername(postgres.user());
            pool.setPassword(postgres.password().reveal());
            pool.setMaxTotal(PoolUse.SIZE);
            pool.setPoolPreparedStatements(true);
            PoolUse.works(pool);
        }
    }
}
