package dev.isolated.examples.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every Java snippet that a user reads is part of a test that runs in this build, to the letter but for its indentation. */
class DocumentationTest {

    private static final List<String> MODULES = List.of("framework-examples", "framework-compatibility");
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/junit.md", "docs/postgres.md"})
    void snippetsAreTestsThatRun(String page) throws IOException {
        List<String> snippets = SNIPPET.matcher(Files.readString(Path.of("..").resolve(page)))
                .results()
                .map((MatchResult snippet) -> unindented(snippet.group(1)))
                .toList();
        List<String> sources = sources();

        assertThat(snippets)
                .isNotEmpty()
                .allSatisfy(snippet -> assertThat(sources).as(snippet).anyMatch(source -> source.contains(snippet)));
    }

    private static List<String> sources() throws IOException {
        var sources = new ArrayList<String>();
        for (String module : MODULES) {
            try (Stream<Path> tree = Files.walk(Path.of("..", module, "src", "test", "java"))) {
                tree.filter(Files::isRegularFile).map(DocumentationTest::source).forEach(sources::add);
            }
        }
        return sources;
    }

    private static String source(Path file) {
        try {
            return unindented(Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String unindented(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
