package dev.isolated.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.error.LeaseEndedException;
import dev.isolated.spi.Tenant;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class TenantDataSourceTest {

    @Test
    void aConnectionThatIsOpenedWhileTheLeaseEndsIsClosed() {
        var tenant = new Tenant("LateTest");
        List<String> calls = new ArrayList<>();
        Connection late = as(Connection.class, (proxy, method, arguments) -> {
            calls.add(method.getName());
            return method.getName().equals("hashCode") ? 1 : null;
        });
        DataSource driver = as(DataSource.class, (proxy, method, arguments) -> {
            tenant.end();
            return late;
        });
        var dataSource = new TenantDataSource(tenant, driver);
        assertThatThrownBy(dataSource::getConnection)
                .isInstanceOf(LeaseEndedException.class)
                .hasMessageContaining("LateTest");
        assertThat(calls).endsWith("close");
        dataSource.end();
        assertThat(tenant.findings()).isEmpty();
    }

    private static <T> T as(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(TenantDataSourceTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
