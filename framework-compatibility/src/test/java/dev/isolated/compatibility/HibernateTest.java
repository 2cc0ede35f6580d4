package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import jakarta.persistence.OptimisticLockException;
import java.util.List;
import java.util.stream.IntStream;
import org.hibernate.LockMode;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.exception.ConstraintViolationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hibernate with its own connection pool, led to the test's data by a URL; it makes the schema itself. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class HibernateTest {

    @ParameterizedTest
    @EnumSource
    void case25AnEntityLivesAndDies(Access access, Postgres postgres) {
        try (SessionFactory hibernate = hibernate(postgres, access)) {
            long id = hibernate.fromTransaction(session -> {
                var author = new Author("Ada");
                author.write("Notes");
                session.persist(author);
                return author.id;
            });
            hibernate.inTransaction(session -> session.find(Author.class, id).name = "Ada L.");
            assertThat(hibernate.<String>fromTransaction(session -> session.createSelectionQuery(
                                    "select a.name from Author a join a.books b where b.title = :title", String.class)
                            .setParameter("title", "Notes")
                            .getSingleResult()))
                    .isEqualTo("Ada L.");

            hibernate.inTransaction(session -> session.remove(session.find(Author.class, id)));

            assertThat(count(hibernate)).isZero();
        }
    }

    @Test
    void case25ALazyCollectionIsReadWhenItIsAskedFor(Postgres postgres) {
        try (SessionFactory hibernate = hibernate(postgres, Access.ISOLATED_URL)) {
            hibernate.inTransaction(session -> {
                var author = new Author("Ada");
                author.write("Notes");
                author.write("Sketch");
                session.persist(author);
            });
            List<String> titles = hibernate.fromSession(session -> {
                Author author = session.createSelectionQuery("from Author", Author.class)
                        .getSingleResult();
                return author.books.stream().map(book -> book.title).sorted().toList();
            });

            assertThat(titles).containsExactly("Notes", "Sketch");
        }
    }

    @Test
    void case25TheSecondOfTwoWritersIsToldOfTheFirst(Postgres postgres) {
        try (SessionFactory hibernate = hibernate(postgres, Access.ISOLATED_URL)) {
            Author stale = hibernate.fromTransaction(session -> {
                var author = new Author("Ada");
                session.persist(author);
                return author;
            });
            hibernate.inTransaction(session -> session.find(Author.class, stale.id).name = "first");
            stale.name = "second";

            assertThatThrownBy(() -> hibernate.inTransaction(session -> session.merge(stale)))
                    .isInstanceOf(OptimisticLockException.class);
            assertThat(names(hibernate)).containsExactly("first");
        }
    }

    @Test
    void case25BatchesAndPooledSequencesKeepTheirNumbers(Postgres postgres) {
        try (SessionFactory hibernate = hibernate(postgres, Access.ISOLATED_URL)) {
            hibernate.inTransaction(
                    session -> IntStream.range(0, 100).forEach(number -> session.persist(new Author("a" + number))));

            List<Long> ids = hibernate.fromSession(
                    session -> session.createSelectionQuery("select id from Author order by id", Long.class)
                            .getResultList());
            assertThat(ids).hasSize(100).doesNotHaveDuplicates().startsWith(1L);
        }
    }

    @Test
    void case25AViolatedConstraintUndoesItsTransactionAndNoOther(Postgres postgres) {
        try (SessionFactory hibernate = hibernate(postgres, Access.ISOLATED_URL)) {
            hibernate.inTransaction(session -> session.persist(new Author("Ada")));

            assertThatThrownBy(() -> hibernate.inTransaction(session -> {
                        session.persist(new Author("Grace"));
                        session.persist(new Author("Ada"));
                    }))
                    .isInstanceOf(ConstraintViolationException.class);
            assertThat(names(hibernate)).containsExactly("Ada");
        }
    }

    @Test
    void case25ALockedRowIsLockedForItsTransaction(Postgres postgres) {
        try (SessionFactory hibernate = hibernate(postgres, Access.ISOLATED_URL)) {
            hibernate.inTransaction(session -> session.persist(new Author("Ada")));
            hibernate.inTransaction(session -> {
                Author author = session.createSelectionQuery("from Author", Author.class)
                        .setHibernateLockMode(LockMode.PESSIMISTIC_WRITE)
                        .getSingleResult();
                author.name = "locked";
            });

            assertThat(names(hibernate)).containsExactly("locked");
        }
    }

    private static long count(SessionFactory hibernate) {
        return hibernate.fromTransaction(session -> session.createSelectionQuery(
                        "select (select count(*) from Author) + (select count(*) from Book)", Long.class)
                .getSingleResult());
    }

    private static List<String> names(SessionFactory hibernate) {
        return hibernate.fromSession(
                session -> session.createSelectionQuery("select name from Author order by name", String.class)
                        .getResultList());
    }

    private static SessionFactory hibernate(Postgres postgres, Access access) {
        return new Configuration()
                .addAnnotatedClass(Author.class)
                .addAnnotatedClass(Book.class)
                .setProperty("jakarta.persistence.jdbc.url", access.url(postgres))
                .setProperty("jakarta.persistence.jdbc.driver", access.driver())
                .setProperty("jakarta.persistence.jdbc.user", postgres.user())
                .setProperty(
                        "jakarta.persistence.jdbc.password", postgres.password().reveal())
                .setProperty("hibernate.connection.pool_size", "3")
                .setProperty("hibernate.jdbc.batch_size", "20")
                .setProperty("hibernate.hbm2ddl.auto", "create-drop")
                .buildSessionFactory();
    }
}
