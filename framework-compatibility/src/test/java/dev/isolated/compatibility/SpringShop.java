package dev.isolated.compatibility;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** A small service on Spring's {@code JdbcTemplate}, with its transactions in code so that tests can nest them. Thread-safe. */
final class SpringShop {

    private final JdbcTemplate jdbc;
    private final DataSourceTransactionManager transactions;

    SpringShop(DataSource dataSource) {
        jdbc = new JdbcTemplate(dataSource);
        transactions = new DataSourceTransactionManager(dataSource);
        transactions.setEnforceReadOnly(true);
        jdbc.execute("create table sale (id int generated always as identity, item text unique)");
    }

    void sell(String item) {
        jdbc.update("insert into sale (item) values (?)", item);
    }

    List<String> sold() {
        return jdbc.queryForList("select item from sale order by id", String.class);
    }

    /** Runs in a transaction of this propagation. */
    void in(int propagation, Runnable work) {
        run(new DefaultTransactionDefinition(propagation), work);
    }

    void outer(Runnable work) {
        in(TransactionDefinition.PROPAGATION_REQUIRED, work);
    }

    void outerRolledBack(Runnable work) {
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            work.run();
            status.setRollbackOnly();
        });
    }

    void readOnly(Runnable work) {
        var definition = new DefaultTransactionDefinition();
        definition.setReadOnly(true);
        run(definition, work);
    }

    private void run(TransactionDefinition definition, Runnable work) {
        new TransactionTemplate(transactions, definition).executeWithoutResult(status -> work.run());
    }
}
