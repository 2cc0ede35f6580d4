package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.provider.jdbc.JdbcLockProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Schedulers that keep their jobs and locks in the database, and poll it from threads of their own. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class SchedulersTest {

    @Test
    void case25DbSchedulerRunsEachTaskOnceOnTwoSchedulers(Postgres postgres) throws Exception {
        Sql.run(postgres.dataSource(), """
                create table scheduled_tasks (
                  task_name text, task_instance text, task_data bytea, execution_time timestamptz not null,
                  picked boolean not null, picked_by text, last_success timestamptz, last_failure timestamptz,
                  consecutive_failures int, last_heartbeat timestamptz, version bigint not null, priority smallint,
                  primary key (task_name, task_instance))""");
        Set<String> ran = ConcurrentHashMap.newKeySet();
        var runs = new AtomicInteger();
        OneTimeTask<Void> task = Tasks.oneTime("greet").execute((instance, context) -> {
            ran.add(instance.getId());
            runs.incrementAndGet();
        });
        Scheduler first = dbScheduler(postgres, task, "first");
        Scheduler second = dbScheduler(postgres, task, "second");
        try {
            first.start();
            second.start();
            for (int number = 0; number < 6; number++) {
                first.scheduleIfNotExists(task.instance("guest " + number), Instant.now());
            }
            await().until(() -> Sql.list(postgres.dataSource(), "select task_instance from scheduled_tasks")
                    .isEmpty());
        } finally {
            first.stop();
            second.stop();
        }

        assertThat(ran).hasSize(6);
        assertThat(runs).hasValue(6);
    }

    @Test
    void case25ShedLockLetsOneOfManyThrough(Postgres postgres) throws Exception {
        Sql.run(
                postgres.dataSource(),
                "create table shedlock (name text primary key, lock_until timestamptz, locked_at timestamptz, locked_by text)");
        var executor = new DefaultLockingTaskExecutor(new JdbcLockProvider(postgres.dataSource()));
        var configuration =
                new LockConfiguration(Instant.now(), "nightly", Duration.ofMinutes(5), Duration.ofMinutes(1));
        var through = new AtomicInteger();
        var together = new CyclicBarrier(4);
        Threads.times(4, number -> {
            together.await();
            executor.executeWithLock((Runnable) through::incrementAndGet, configuration);
        });

        assertThat(through).hasValue(1);
    }

    private static Scheduler dbScheduler(Postgres postgres, OneTimeTask<Void> task, String name) {
        return Scheduler.create(postgres.dataSource(), task)
                .schedulerName(() -> name)
                .threads(2)
                .pollingInterval(Duration.ofMillis(50))
                .pollUsingLockAndFetch(0.5, 1.0)
                .shutdownMaxWait(Duration.ofSeconds(5))
                .build();
    }
}
