package dev.isolated.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.spi.Origin;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mybatis.Library;

/** Is in a package that is nobody's plumbing. */
class OriginTest {

    @Test
    void framesOfTheApplicationAreShownAndNotThoseOfWhatItUses() {
        assertThat(Library.origin().of("opened"))
                .startsWith("opened\n\tat " + OriginTest.class.getName() + ".frames")
                .doesNotContain("org.mybatis.")
                .doesNotContain("org.junit.");
    }

    @Test
    void whatItUsesIsShownWhereNothingElseIsThere() {
        Origin origin = CompletableFuture.supplyAsync(Library::origin).join();
        assertThat(origin.of("opened"))
                .startsWith("opened\n\tat org.mybatis.Library.origin(")
                .doesNotContain("java.util.");
    }
}
