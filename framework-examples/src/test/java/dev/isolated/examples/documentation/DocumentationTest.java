package dev.isolated.examples.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every Java snippet that a user reads is part of a test that runs here, to the letter but for its indentation. */
class DocumentationTest {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/junit.md"})
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
        try (Stream<Path> tree = Files.walk(Path.of("src", "test", "java"))) {
            List<Path> files = tree.filter(Files::isRegularFile).toList();
            return files.stream().map(DocumentationTest::source).toList();
        }
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
