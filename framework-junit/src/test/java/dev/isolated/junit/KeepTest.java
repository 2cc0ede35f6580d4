package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.isolated.junit.Drawers.Drawer;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/** What a failed test did to a service that can keep it stays there. */
class KeepTest {

    @TempDir
    private Path directory;

    @Test
    void case35WhatAFailedTestDidIsKeptAsItLeftItAndItsFailureSaysHowToGetAtIt() throws IOException {
        Drawers.LEFT.clear();

        List<Failure> failures = run();

        assertThat(Drawers.LEFT).containsExactly(new Drawer(List.of("failed", "after")));
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure.getException().getSuppressed())
                        .extracting(Throwable::getMessage)
                        .anyMatch("drawer WHOLE: kept: pull it open"::equals)
                        .anySatisfy(message -> assertThat(Path.of(message.substring(message.indexOf(" is in ") + 7)))
                                .content()
                                .contains("== drawer WHOLE: kept\npull it open\n")));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class KeepingTestCase {

        @Test
        void fails(Drawer drawer) {
            drawer.words().add("failed");
            throw new AssertionError("as expected");
        }

        @Test
        void passes(Drawer drawer) {
            assertThat(drawer.words()).isEmpty();
            drawer.words().add("passed");
        }

        @AfterEach
        void works(Drawer drawer) {
            drawer.words().add("after");
        }
    }

    /** Runs it where the drawers are found among the services. */
    private List<Failure> run() throws IOException {
        declare(Service.class, Drawers.class);
        declare(ServerSource.class, Drawers.Source.class);
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(KeepingTestCase.class))
                .configurationParameter("junit.platform.reporting.output.dir", directory.toString())
                .build();
        var summary = new SummaryGeneratingListener();
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        try (var extended = new URLClassLoader(new URL[] {directory.toUri().toURL()}, usual)) {
            thread.setContextClassLoader(extended);
            try (LauncherSession session = LauncherFactory.openSession()) {
                session.getLauncher().execute(request, summary);
            }
        } finally {
            thread.setContextClassLoader(usual);
        }
        return summary.getSummary().getFailures();
    }

    private void declare(Class<?> type, Class<?> provider) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(type.getName()), provider.getName());
    }
}
