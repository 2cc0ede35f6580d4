package dev.isolated.examples.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every case that the documentation of Postgres lists has tests that bear its number, in each class that is named beside it. */
class CasesTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| .* \\| (`\\w+`(?:, `\\w+`)*) \\|$");

    @Test
    void everyCaseHasATestOfItsNumber() throws IOException {
        List<Path> files = testFiles();
        var cases = new TreeMap<Integer, List<String>>();
        ROW.matcher(Files.readString(Path.of("..", "docs", "postgres.md")))
                .results()
                .forEach(row -> cases.put(
                        Integer.valueOf(row.group(1)),
                        List.of(row.group(2).replace("`", "").split(", "))));

        assertThat(cases.keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 36).boxed().toList());
        assertThat(cases)
                .allSatisfy((number, classes) -> assertThat(classes)
                        .allSatisfy(name -> assertThat(sources(files, name))
                                .as("tests of case %d in %s", number, name)
                                .contains(String.format("void case%02d", number))));
    }

    /** What is written in all test classes of that simple name. */
    private static String sources(List<Path> files, String name) throws IOException {
        var text = new StringBuilder();
        for (Path file : files) {
            if (file.endsWith(name + ".java")) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    private static List<Path> testFiles() throws IOException {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(Path.of(".."), "framework-*")) {
            for (Path module : modules) {
                Path tests = module.resolve(Path.of("src", "test"));
                if (Files.isDirectory(tests)) {
                    try (Stream<Path> tree = Files.walk(tests)) {
                        tree.forEach(found::add);
                    }
                }
            }
        }
        return found;
    }
}
