package dev.isolated.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which servers are old enough for their scripts to change the functions of others'. */
class RedisRequirementsTest {

    @ParameterizedTest
    @CsvSource({"6.0.16, true", "6.2.6, true", "6.2.7, false", "6.2.11, false", "7.0.0, false", "10.0.0, false"})
    void versionsAreComparedAsNumbers(String version, boolean tooOld) {
        assertThat(Requirements.tooOld("# Server\r\nredis_version:" + version + "\r\nredis_mode:standalone\r\n"))
                .isEqualTo(tooOld);
    }
}
