package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import dev.isolated.environment.Catalog;
import dev.isolated.postgres.Postgres;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Request;
import java.util.Collection;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/** What a request's classes are likely to need is known before JUnit has discovered their tests. */
class NeedsTest {

    @Test
    void classesThatARequestNamesTellWhatTheirTestsNeed() {
        assertThat(needs(selectClass(PostgresTestCase.class), selectMethod(BothTestCase.class, "needsBoth")))
                .containsExactlyInAnyOrder(
                        Request.of(Postgres.class),
                        Request.of(Postgres.class, "DATABASE"),
                        Request.of(Redis.class, "DATABASE"));
    }

    static class PostgresTestCase {

        @Test
        void needsPostgres(Postgres postgres) {}

        @RepeatedTest(2)
        @Isolated(mode = "DATABASE")
        void needsADatabase(Postgres postgres) {}

        void isNoTest(Redis redis) {}

        @Test
        @Disabled("to need nothing")
        void wouldNeedRedis(Redis redis) {}
    }

    static class BothTestCase {

        @Test
        @Isolated(mode = "DATABASE")
        void needsBoth(Postgres postgres, Redis redis) {}
    }

    @Test
    void whatNamesNoClassOrNoneThatCanBeLoadedTellsNothing() {
        assertThat(needs(
                        selectClass("no.such.TestCase"),
                        selectPackage(NeedsTest.class.getPackageName()),
                        selectClass(DisabledTestCase.class)))
                .isEmpty();
    }

    @Disabled("to need nothing")
    static class DisabledTestCase {

        @Test
        void wouldNeedPostgres(Postgres postgres) {}
    }

    private static Collection<Request> needs(DiscoverySelector... selectors) {
        return Needs.of(
                LauncherDiscoveryRequestBuilder.request().selectors(selectors).build(), Catalog.found());
    }
}
