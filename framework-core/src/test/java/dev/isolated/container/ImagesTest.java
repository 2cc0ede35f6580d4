package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Names of images, which need no engine. */
class ImagesTest {

    private static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);

    @Test
    void aNameWithoutATagMeansTheLatest() throws Exception {
        assertThat(Images.resolve("postgres", "")).isEqualTo("postgres:latest");
        assertThat(Images.resolve("postgres:18", "")).isEqualTo("postgres:18");
        assertThat(Images.resolve("team/postgres" + DIGEST, "")).isEqualTo("team/postgres" + DIGEST);
    }

    @Test
    void aMirrorIsForNamesWithoutARegistry() throws Exception {
        assertThat(Images.resolve("postgres:18", "mirror.example.com")).isEqualTo("mirror.example.com/postgres:18");
        assertThat(Images.resolve("team/postgres:18", "mirror.example.com:5000/hub/"))
                .isEqualTo("mirror.example.com:5000/hub/team/postgres:18");
        assertThat(Images.resolve("postgres" + DIGEST, "mirror.example.com"))
                .isEqualTo("mirror.example.com/postgres" + DIGEST);
        assertThat(Images.resolve("own.example.com/postgres:18", "mirror.example.com"))
                .isEqualTo("own.example.com/postgres:18");
    }

    @Test
    void whatIsNoNameIsRefused() {
        assertThatThrownBy(() -> Images.resolve("Not An Image!", ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Not An Image!");
    }
}
