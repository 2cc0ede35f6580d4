package dev.isolated.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.isolated.embedded.EmbeddedSource;
import dev.isolated.environment.Environments;
import dev.isolated.junit.IsolatedEnvironmentExtension;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The directions that docs/architecture.md draws, held over the classes as they were built. */
class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.isolated");

    private static final int FEWEST_CLASSES = 100;
    private static final double MOST_PUBLIC = 0.30;

    @Test
    void allModulesAreLookedAt() {
        assertThat(OURS).hasSizeGreaterThan(FEWEST_CLASSES);
        assertThat(OURS.contain(Environments.class)).isTrue();
        assertThat(OURS.contain(EmbeddedSource.class)).isTrue();
        assertThat(OURS.contain(IsolatedEnvironmentExtension.class)).isTrue();
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.isolated.(*)..").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void errorsKnowNobody() {
        mayKnow("error");
    }

    @Test
    void settingsKnowErrors() {
        mayKnow("settings", "error");
    }

    @Test
    void theSpiKnowsSettings() {
        mayKnow("spi", "settings", "error");
    }

    @Test
    void leasesKnowNoService() {
        mayKnow("lease", "spi", "settings", "error");
    }

    @Test
    void environmentsKnowNoService() {
        mayKnow("environment", "lease", "spi", "settings", "error");
    }

    @Test
    void postgresKnowsNoLease() {
        mayKnow("postgres", "spi", "settings", "error");
    }

    @Test
    void redisKnowsNoLease() {
        mayKnow("redis", "spi", "settings", "error");
    }

    @Test
    void clickHouseKnowsNoLease() {
        mayKnow("clickhouse", "spi", "settings", "error");
    }

    @Test
    void externalServersKnowNoService() {
        mayKnow("external", "spi", "settings", "error");
    }

    @Test
    void embeddedServersKnowNoLease() {
        mayKnow("embedded", "embedded.front", "postgres", "spi", "settings", "error");
    }

    /** It is a program of its own, with its own class path. */
    @Test
    void theFrontKnowsNothingOfOurs() {
        mayKnow("embedded.front");
    }

    @Test
    void containersKnowNoServiceByName() {
        mayKnow("container", "spi", "settings", "error");
    }

    /** These are loaded when Docker is looked for, and not before: Testcontainers need not be there. */
    @Test
    void fewKnowTestcontainers() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.isolated\\.container\\.(EngineSearch|Engine|Images|Attachment)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.testcontainers..", "com.github.dockerjava..")
                .check(OURS);
    }

    @Test
    void theExtensionKnowsNoServiceByName() {
        mayKnow("junit", "environment", "spi", "settings", "error");
    }

    @Test
    void coreKnowsNothingOfJUnit() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.isolated.junit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.junit..")
                .check(OURS);
    }

    @Test
    void nothingIsPrintedAndNothingGenericIsThrown() {
        // The front is a process whose output is a server's log.
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
                OURS.that(resideOutsideOfPackage("dev.isolated.embedded.front")));
        NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(OURS);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(NullMarked.class)
                .check(OURS);
        long packages = OURS.stream().map(JavaClass::getPackageName).distinct().count();
        assertThat(count(type -> type.getSimpleName().equals("package-info"))).isEqualTo(packages);
    }

    @Test
    void mostOfCoreIsNobodysBusiness() {
        Predicate<JavaClass> core = type -> !type.getPackageName().startsWith("dev.isolated.junit")
                && !type.getPackageName().startsWith("dev.isolated.embedded")
                && !type.isAnonymousClass();
        long all = count(core);
        long visible = count(core.and(type -> type.getModifiers().contains(JavaModifier.PUBLIC)));

        assertThat((double) visible / all)
                .as("%s of %s types are public", visible, all)
                .isLessThanOrEqualTo(MOST_PUBLIC);
    }

    private static long count(Predicate<JavaClass> wanted) {
        return OURS.stream().filter(wanted).count();
    }

    private static void mayKnow(String who, String... whom) {
        List<String> allowed = Stream.concat(Stream.of(who), Stream.of(whom))
                .map(name -> "dev.isolated." + name)
                .toList();
        noClasses()
                .that()
                .resideInAPackage("dev.isolated." + who)
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "reside in another package of ours",
                        type -> type.getPackageName().startsWith("dev.isolated")
                                && !allowed.contains(type.getPackageName())))
                .check(OURS);
    }
}
