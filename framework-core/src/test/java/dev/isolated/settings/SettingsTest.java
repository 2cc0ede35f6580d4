package dev.isolated.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.error.SettingsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static final String MAX = Keys.ENVIRONMENTS_MAX.name();

    @Test
    void aStrongerLayerWinsOverAllBelowIt() {
        var layers = List.of("extension", "JUnit configuration parameter", "system property", "isolated.properties");
        for (int strongest = 0; strongest < layers.size(); strongest++) {
            var builder = Settings.builder();
            for (int i = strongest; i < layers.size(); i++) {
                builder.layer(layers.get(i), Map.of(MAX, Integer.toString(100 + i)));
            }
            var settings = builder.layer("weakest", Map.of("isolated.profile", "production"))
                    .build();
            assertThat(settings.get(Keys.ENVIRONMENTS_MAX)).isEqualTo(100 + strongest);
            assertThat(settings)
                    .hasToString("Settings[isolated.environments.max=" + (100 + strongest) + " ("
                            + layers.get(strongest)
                            + "), isolated.lease.leak-after=PT30S (profile), isolated.profile=PRODUCTION"
                            + " (weakest)]");
        }
    }

    @Test
    void aVariableStandsBetweenTheLayersAroundIt() {
        var file = Map.of(MAX, "3", "isolated.lease.warm", "3", "isolated.lease.timeout", "3s");
        var settings = Settings.builder()
                .layer("system property", Map.of(MAX, "1"))
                .variables(Map.of("ISOLATED_ENVIRONMENTS_MAX", "2", "ISOLATED_LEASE_WARM", "2", "PATH", "/bin"))
                .layer("isolated.properties", file)
                .build();

        assertThat(settings.get(Keys.ENVIRONMENTS_MAX)).isEqualTo(1);
        assertThat(settings.get(Keys.LEASE_WARM)).isEqualTo(2);
        assertThat(settings.get(Keys.LEASE_TIMEOUT)).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource({"development,5,60", "ci-fast,10,120", "ci-thorough,20,300", "production,50,30", "CI-Fast,10,120"})
    void aProfileGivesWhatNothingElseDoes(String profile, int environments, int leakAfterSeconds) {
        var settings = of("isolated.profile", profile);

        assertThat(settings.get(Keys.ENVIRONMENTS_MAX)).isEqualTo(environments);
        assertThat(settings.get(Keys.LEASE_LEAK_AFTER)).isEqualTo(Duration.ofSeconds(leakAfterSeconds));
    }

    @Test
    void anUnknownKeyIsAnErrorThatNamesItsSourceAndTheNearestKnown() {
        assertThatThrownBy(() -> of("isolated.lease.timeot", "5s"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Could not use the setting isolated.lease.timeot from the test: expected one of the "
                        + Keys.all().size()
                        + " known keys, but found no key of that name. What to do: the nearest known"
                        + " one is isolated.lease.timeout.");
    }

    @Test
    void anUnknownVariableIsAnErrorThatNamesTheNearestVariable() {
        assertThatThrownBy(() -> Settings.builder()
                        .variables(Map.of("ISOLATED_LEASE_TIMEOT", "5s"))
                        .build())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("use the setting ISOLATED_LEASE_TIMEOT from the environment variable")
                .hasMessageContaining("the nearest known one is ISOLATED_LEASE_TIMEOUT");
    }

    @ParameterizedTest
    @CsvSource({
        "isolated.environments.max, 0, a whole number from 1 to 1000, 5",
        "isolated.environments.max, 1001, a whole number from 1 to 1000, 5",
        "isolated.environments.max, many, a whole number from 1 to 1000, 5",
        "isolated.environments.max, 99999999999, a whole number from 1 to 1000, 5",
        "isolated.environments.max, '', a whole number from 1 to 1000, 5",
        "isolated.lease.timeout, 5, a duration such as 500ms, 30s",
        "isolated.lease.timeout, -5s, a duration such as 500ms, 30s",
        "isolated.lease.timeout, 8761h, at most 8760h, 30s",
        "isolated.lease.timeout, 9999999999999999h, at most 8760h, 30s",
        "isolated.lease.timeout, 99999999999999999999s, at most 8760h, 30s",
        "isolated.lease.leak-after, 0s, at least 1ms, 1m",
        "isolated.leaks, maybe, 'one of report, fail', report",
    })
    void anImpossibleValueIsAnErrorThatQuotesItAndSaysWhatIsPossible(
            String key, String text, String accepts, String fallback) {
        assertThatThrownBy(() -> of(key, text))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("use the setting " + key + " from the test")
                .hasMessageContaining(accepts)
                .hasMessageContaining("but found \"" + text + "\"")
                .hasMessageContaining("remove it for the default \"" + fallback + "\"");
    }

    @Test
    void aDurationThatNeedNotBeIsOffUnlessItIsSaid() {
        Key<Optional<Duration>> key = Key.durationIfAny("isolated.test.keep", "A test.");
        var builder = Settings.builder().declare(List.of(key));

        assertThat(builder.build().get(key)).isEmpty();
        assertThat(builder.layer("test", Map.of(key.name(), "4h")).build().get(key))
                .contains(Duration.ofHours(4));
        assertThat(Settings.builder()
                        .declare(List.of(key))
                        .layer("test", Map.of(key.name(), "OFF"))
                        .build()
                        .get(key))
                .isEmpty();
        for (String impossible : List.of("on", "0s", "5", "8761h")) {
            assertThatThrownBy(() -> Settings.builder()
                            .declare(List.of(key))
                            .layer("test", Map.of(key.name(), impossible))
                            .build())
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("off, or a duration such as 30m or 4h, at least 1s, at most 8760h")
                    .hasMessageContaining("but found \"" + impossible + "\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "30s,30000", "5m,300000", "2h,7200000", "' 7 s ',7000", "0ms,0", "8760h,31536000000"})
    void durationsAreWrittenAsPeopleDo(String text, long millis) {
        assertThat(of("isolated.lease.timeout", text).get(Keys.LEASE_TIMEOUT)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void textsListsAndChoicesAreParsed() {
        Key<String> text = Key.text("isolated.memory.text", "by default", "A text.");
        Key<List<String>> list = Key.list("isolated.memory.list", "A list.");
        var builder = Settings.builder().declare(List.of(text, list));
        var unset = builder.build();
        var set = builder.layer(
                        "test",
                        Map.of(
                                text.name(),
                                " given ",
                                list.name(),
                                "a, b,, c ",
                                "isolated.leaks",
                                " FAIL ",
                                "other",
                                "x"))
                .build();

        assertThat(unset.get(text)).isEqualTo("by default");
        assertThat(unset.get(list)).isEmpty();
        assertThat(set.get(text)).isEqualTo("given");
        assertThat(set.get(list)).containsExactly("a", "b", "c");
        assertThat(set.get(Keys.LEAKS)).isEqualTo(Keys.FAIL);
    }

    @Test
    void aKeyThatNobodyDeclaresCannotBeRead() {
        Key<String> stranger = Key.text("isolated.stranger", "", "Declared by nobody.");
        assertThatThrownBy(() -> Settings.builder().build().get(stranger))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("read the setting isolated.stranger")
                .hasMessageContaining("return it from keys()");
    }

    @Test
    void equalValuesMakeEqualSettingsWhereverTheyCameFrom() {
        var written = of(MAX, "7");
        var variable = Settings.builder()
                .variables(Map.of("ISOLATED_ENVIRONMENTS_MAX", " 7"))
                .build();

        assertThat(written).isEqualTo(variable).hasSameHashCodeAs(variable);
        assertThat(written).isNotEqualTo(of(MAX, "8")).isNotEqualTo("7");
    }

    @Test
    void onlyWhatDiffersFromTheDefaultIsPrinted() {
        assertThat(Settings.builder().build()).hasToString("Settings[]");
        assertThat(of(MAX, "5")).hasToString("Settings[]");
        assertThat(of(MAX, "6")).hasToString("Settings[isolated.environments.max=6 (test)]");
    }

    @Test
    void everyKeyOfTheHouseDescribesItselfAndAcceptsItsOwnDefault() {
        for (Key<?> key : Keys.all()) {
            assertThat(key.name()).startsWith(Keys.PREFIX);
            assertThat(key.variable()).matches("ISOLATED_[A-Z_]+");
            assertThat(key.description()).endsWith(".");
            assertThat(key.accepts()).isNotBlank();
            assertThat(key.parse(key.fallback())).isNotNull();
        }
    }

    @Test
    void aSecretSettingIsReadAndNotPrinted() {
        Key<Secret> password = Key.secret("isolated.memory.password", "A password.");
        var builder = Settings.builder().declare(List.of(password));

        assertThat(builder.build().get(password)).isEqualTo(Secret.of(""));
        var settings = builder.layer("test", Map.of(password.name(), "hunter2")).build();
        assertThat(settings.get(password).reveal()).isEqualTo("hunter2");
        assertThat(settings).hasToString("Settings[isolated.memory.password=*** (test)]");
    }

    @Test
    void aSecretNeverPrintsItself() {
        var secret = Secret.of("hunter2");
        assertThat(secret).hasToString("***").isEqualTo(Secret.of("hunter2")).hasSameHashCodeAs(Secret.of("hunter2"));
        assertThat(secret).isNotEqualTo(Secret.of("hunter3"));
        assertThat(secret.reveal()).isEqualTo("hunter2");
        assertThat(Secret.random().reveal())
                .matches("[A-Za-z0-9_-]{32}")
                .isNotEqualTo(Secret.random().reveal());
    }

    private static Settings of(String key, String text) {
        return Settings.builder().layer("test", Map.of(key, text)).build();
    }
}
