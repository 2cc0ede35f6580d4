package dev.isolated.compatibility.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataIntegrityViolationException;

/** Spring Boot led to the test's data by {@code spring.datasource.url}; its pool is HikariCP. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class SpringBootTest {

    @Test
    void case25FindsItsDriverByJdbcUrl(Postgres postgres) {
        try (ConfigurableApplicationContext application = started(postgres, postgres.jdbcUrl(), "")) {
            works(application);
        }
    }

    @Test
    void case25IsToldTheDriverOfAnIsolatedUrl(Postgres postgres) {
        try (ConfigurableApplicationContext application =
                started(postgres, postgres.isolatedUrl(), "dev.isolated.postgres.SandboxDriver")) {
            works(application);
        }
    }

    private static void works(ConfigurableApplicationContext application) {
        Diary diary = application.getBean(Diary.class);
        Entries entries = application.getBean(Entries.class);
        diary.write("morning", "evening");

        assertThatThrownBy(() -> diary.write("midnight", "morning"))
                .isInstanceOf(DataIntegrityViolationException.class);

        assertThat(entries.count()).isEqualTo(2);
        assertThat(entries.findByTextStartingWithOrderByText("m"))
                .extracting(entry -> entry.text)
                .containsExactly("morning");
    }

    private static ConfigurableApplicationContext started(Postgres postgres, String url, String driver) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.jpa.hibernate.ddl-auto=create-drop",
                        "spring.datasource.hikari.maximum-pool-size=3",
                        "spring.datasource.url=" + url,
                        "spring.datasource.driver-class-name=" + driver,
                        "spring.datasource.username=" + postgres.user(),
                        "spring.datasource.password=" + postgres.password().reveal())
                .run();
    }
}
