package dev.isolated.examples.orders;

import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Base;
import java.sql.SQLException;

/** A shop with tea in it, for tests that would otherwise each put it there. */
public final class StockedShop implements Base<Postgres> {

    @Override
    public void prepare(Postgres postgres) throws SQLException {
        new Orders(postgres.dataSource()).offer("tea", 350, 10);
    }
}
