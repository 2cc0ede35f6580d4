package dev.isolated.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests can write comments, so one is believed only about what bears it. */
class MarkTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "isolated_0a1b2c3d_2_17\tof a test: run 0a1b2c3d, user isolated_0a1b2c3d_2",
                "isolated_00007_0a1b2c3d_2_17\tof a test: run 0a1b2c3d, user isolated_0a1b2c3d_2",
                "isolated_owner_0a1b2c3d_2\tof a test: run 0a1b2c3d, user , tables isolated_0a1b2c3d_2_",
                "isolated_owner_0a1b2c3d_2\tof a test: run 0a1b2c3d, user isolated_0a1b2c3d_2, tables isolated_00007_0a1b2c3d_2_"
            })
    void whatTheLibraryWritesIsBelieved(String row) {
        assertThat(Mark.of(row)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "isolated_0a1b2c3d_2_17\tof a test: run dead, user isolated_0a1b2c3d_2",
                "isolated_0a1b2c3d_2_17\tof a test: run 0a1b2c3d, user isolated_0a1b2c3d_3",
                "isolated_0a1b2c3d_2_17\tof a test: run 0a1b2c3d, user default",
                "isolated_0a1b2c3d_2_17\tof a test: run 0a1b2c3d, user isolated_0a1b2c3d_2, tables isolated_0a1b2c3d_2_",
                "shop\tof a test: run 0a1b2c3d, user isolated_0a1b2c3d_2",
                "orders\tof a test: run dead, user , tables orders",
                "isolated_owner_0a1b2c3d_2\tof a test: run 0a1b2c3d, user , tables orders",
                "isolated_owner_0a1b2c3d_2\tof a test: run 0a1b2c3d, user , tables isolated_0a1b2c3d_3_",
                "isolated_owner_0a1b2c3d_2\tof a test: run 0a1b2c3d, user ",
                "isolated_owner_0a1b2c3d_2_17\tof a test: run owner, user "
            })
    void whatSaysMoreThanItsBearersNameIsNot(String row) {
        assertThat(Mark.of(row)).isEmpty();
    }
}
