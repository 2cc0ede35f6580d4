package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/** Two clustered Quartz schedulers with their job store in the test's data, locking its rows. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class QuartzTest {

    private static final int TIMES = 5;

    /** Counts how often it runs. */
    public static final class Counting implements Job {

        @Override
        public void execute(JobExecutionContext context) throws JobExecutionException {
            try {
                ((AtomicInteger) context.getScheduler().getContext().get("count")).incrementAndGet();
            } catch (SchedulerException e) {
                throw new JobExecutionException(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void case25AClusterRunsAJobAsOftenAsItShould(Access access, Postgres postgres) throws Exception {
        Sql.run(postgres.dataSource(), tables());
        var count = new AtomicInteger();
        String cluster = UUID.randomUUID().toString();
        Scheduler first = scheduler(access, postgres, cluster, "first", count);
        Scheduler second = scheduler(access, postgres, cluster, "second", count);
        try {
            first.start();
            second.start();
            first.scheduleJob(
                    JobBuilder.newJob(Counting.class).withIdentity("job").build(),
                    TriggerBuilder.newTrigger()
                            .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                                    .withIntervalInMilliseconds(50)
                                    .withRepeatCount(TIMES - 1))
                            .build());
            await().until(() -> Sql.list(postgres.dataSource(), "select trigger_name from qrtz_triggers")
                    .isEmpty());
        } finally {
            first.shutdown(true);
            second.shutdown(true);
        }

        assertThat(count).hasValue(TIMES);
    }

    private static Scheduler scheduler(
            Access access, Postgres postgres, String cluster, String instance, AtomicInteger count)
            throws SchedulerException {
        String source = cluster + instance;
        var properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", cluster);
        properties.setProperty("org.quartz.scheduler.instanceId", instance);
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        properties.setProperty("org.quartz.threadPool.threadCount", "2");
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
        properties.setProperty(
                "org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
        properties.setProperty("org.quartz.jobStore.isClustered", "true");
        properties.setProperty("org.quartz.jobStore.dataSource", source);
        String prefix = "org.quartz.dataSource." + source + ".";
        properties.setProperty(prefix + "provider", "hikaricp");
        properties.setProperty(prefix + "driver", access.driver());
        properties.setProperty(prefix + "URL", access.url(postgres));
        properties.setProperty(prefix + "user", postgres.user());
        properties.setProperty(prefix + "password", postgres.password().reveal());
        properties.setProperty(prefix + "maxConnections", "4");
        Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
        scheduler.getContext().put("count", count);
        return scheduler;
    }

    /** The script that Quartz brings along. */
    private static String tables() throws IOException {
        try (InputStream script = Job.class.getResourceAsStream("/org/quartz/impl/jdbcjobstore/tables_postgres.sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^COMMIT;", "");
        }
    }
}
