package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.cursor.Cursor;
import org.apache.ibatis.datasource.pooled.PooledDataSource;
import org.apache.ibatis.exceptions.PersistenceException;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MyBatis over the test's DataSource, and with its own pool over a URL. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class MyBatisTest {

    /** What MyBatis implements. */
    interface Items {

        @Insert("insert into item values (#{id})")
        void add(@Param("id") int id);

        @Select("select id from item order by id")
        List<Integer> all();

        @Select("select generate_series(1, 500)")
        Cursor<Integer> many();
    }

    @Test
    void case25ASessionCommitsOrRollsBack(Postgres postgres) throws Exception {
        SqlSessionFactory myBatis = over(postgres.dataSource());
        try (SqlSession session = myBatis.openSession()) {
            session.getMapper(Items.class).add(1);
            session.commit();
            session.getMapper(Items.class).add(2);
            session.rollback();
            session.getMapper(Items.class).add(3);
        }

        assertThat(Sql.list(postgres.dataSource(), "select id from item")).containsExactly(1);
    }

    @Test
    void case25ABatchIsKeptOrUndoneAsOne(Postgres postgres) throws Exception {
        SqlSessionFactory myBatis = over(postgres.dataSource());
        try (SqlSession session = myBatis.openSession(ExecutorType.BATCH)) {
            Items items = session.getMapper(Items.class);
            IntStream.range(0, 30).forEach(items::add);
            session.commit();
            items.add(30);
            items.add(7);
            assertThatThrownBy(session::flushStatements).isInstanceOf(PersistenceException.class);
        }

        assertThat(Sql.list(postgres.dataSource(), "select count(*)::int from item"))
                .containsExactly(30);
    }

    @Test
    void case25ACursorReadsAsItGoes(Postgres postgres) throws Exception {
        SqlSessionFactory myBatis = over(postgres.dataSource());
        try (SqlSession session = myBatis.openSession();
                Cursor<Integer> many = session.getMapper(Items.class).many()) {
            assertThat(many).hasSize(500);
        }
    }

    @ParameterizedTest
    @EnumSource
    void case25ItsPoolWorksOverAUrl(Access access, Postgres postgres) throws Exception {
        var pool = new PooledDataSource(
                access.driver(),
                access.url(postgres),
                postgres.user(),
                postgres.password().reveal());
        SqlSessionFactory myBatis = over(pool);
        Threads.times(8, number -> {
            try (SqlSession session = myBatis.openSession()) {
                session.getMapper(Items.class).add(number);
                session.commit();
            }
        });

        try (SqlSession session = myBatis.openSession()) {
            assertThat(session.getMapper(Items.class).all()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        }
        pool.forceCloseAll();
    }

    private static SqlSessionFactory over(javax.sql.DataSource dataSource) throws Exception {
        Sql.run(dataSource, "create table item (id int primary key)");
        var configuration = new Configuration(new Environment("test", new JdbcTransactionFactory(), dataSource));
        configuration.addMapper(Items.class);
        return new SqlSessionFactoryBuilder().build(configuration);
    }
}
