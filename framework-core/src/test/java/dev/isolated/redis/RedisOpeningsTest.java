package dev.isolated.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.spi.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a test has opened is remembered for as long as it is open. */
class RedisOpeningsTest {

    @Test
    void whatIsClosedIsForgotten() {
        Set<String> closed = new HashSet<>();
        List<String> asked = new ArrayList<>();
        var openings = new Openings<String>(name -> {
            asked.add(name);
            return closed.contains(name);
        });
        openings.note("first", new Origin());
        closed.add("first");
        openings.note("second", new Origin());
        asked.clear();

        assertThat(openings.origins()).hasSize(1);
        assertThat(asked).containsOnly("second");
    }
}
