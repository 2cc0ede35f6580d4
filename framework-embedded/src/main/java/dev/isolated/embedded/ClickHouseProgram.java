package dev.isolated.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that is a ClickHouse server. Immutable; which versions programs are is remembered as long as the JVM lasts. */
record ClickHouseProgram(Path file) {

    /** The oldest version of use, which is the oldest of a server of the user's own, too. */
    static final int OLDEST = 24;

    /** Has all of ClickHouse's programs in one, of which the first word chooses. */
    private static final String ALL = "clickhouse";

    private static final String SERVER = "clickhouse-server";

    private static final Pattern VERSION =
            Pattern.compile("ClickHouse server version (?<version>(?<major>\\d+)[.\\d]*\\d)");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Map<Path, Answer> ANSWERS = new ConcurrentHashMap<>();

    /**
     * What a program says of itself. Immutable.
     *
     * @param version empty where it is of no use
     * @param unusable why, as what follows its name
     */
    private record Answer(String version, String unusable) {}

    /** The first one of use on a path. */
    static Optional<ClickHouseProgram> onPath(String path) {
        return List.of(ALL, SERVER).stream()
                .flatMap(name -> Programs.allOnPath(name, path))
                .map(ClickHouseProgram::new)
                .filter(program -> program.unusable().isEmpty())
                .findFirst();
    }

    /** Why it is of no use, as what follows its name; empty where it is. */
    Optional<String> unusable() {
        return Optional.of(answer().unusable()).filter(it -> !it.isEmpty());
    }

    String version() {
        return answer().version();
    }

    /** The command line that runs the server. */
    List<String> server(String... arguments) {
        var line = new ArrayList<>(List.of(file.toString()));
        if (!file.endsWith(SERVER)) {
            line.add("server");
        }
        line.addAll(List.of(arguments));
        return line;
    }

    /** Asked once of each program: servers are started often. What kept it from answering is no answer. */
    private Answer answer() {
        Answer known = ANSWERS.get(file.toAbsolutePath());
        if (known != null) {
            return known;
        }
        Answer asked;
        try {
            asked = ask();
            ANSWERS.put(file.toAbsolutePath(), asked);
        } catch (IOException e) {
            asked = silent(String.valueOf(e.getMessage()));
        }
        if (!asked.unusable().isEmpty()) {
            Log.LOGGER.log(
                    System.Logger.Level.INFO, "no embedded ClickHouse from {0}, which {1}", file, asked.unusable());
        }
        return asked;
    }

    private Answer ask() throws IOException {
        if (!Files.isExecutable(file)) {
            return new Answer("", "is no program that can be run");
        }
        try {
            String said = Programs.run(new ProcessBuilder(server("--version")), file.toString(), LIMIT, stream -> {});
            Matcher version = VERSION.matcher(said);
            return version.find()
                    ? of(version.group("version"), Integer.parseInt(version.group("major")))
                    : silent("it says " + said);
        } catch (Programs.FailedException e) {
            return silent(String.valueOf(e.getMessage()));
        }
    }

    private static Answer of(String version, int major) {
        return major >= OLDEST
                ? new Answer(version, "")
                : new Answer("", "is ClickHouse " + version + ", while " + OLDEST + " or newer is needed");
    }

    private static Answer silent(String found) {
        return new Answer("", "does not answer --version as ClickHouse " + OLDEST + " and newer do: " + found);
    }
}
