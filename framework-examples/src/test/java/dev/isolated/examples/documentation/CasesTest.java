package dev.isolated.examples.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every case that the documentation of Postgres lists has tests that bear its number, in the class that is named beside it. */
class CasesTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| .* \\| `(\\w+)` \\|$");

    @Test
    void everyCaseHasATestOfItsNumber() throws IOException {
        var cases = new TreeMap<Integer, String>();
        ROW.matcher(Files.readString(Path.of("..", "docs", "postgres.md")))
                .results()
                .forEach(row -> cases.put(Integer.valueOf(row.group(1)), row.group(2)));

        assertThat(cases.keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 36).boxed().toList());
        assertThat(cases.entrySet())
                .allSatisfy(row -> assertThat(source(row))
                        .as("tests of case %d in %s", row.getKey(), row.getValue())
                        .contains(String.format("void case%02d", row.getKey())));
    }

    private static String source(Map.Entry<Integer, String> row) throws IOException {
        try (Stream<Path> tree = Files.find(
                Path.of(".."),
                20,
                (path, attributes) -> path.endsWith(row.getValue() + ".java")
                        && path.toString().contains("src"))) {
            return Files.readString(tree.findFirst().orElseThrow());
        }
    }
}
