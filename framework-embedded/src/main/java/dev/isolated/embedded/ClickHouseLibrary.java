package dev.isolated.embedded;

import dev.isolated.embedded.front.Front;
import dev.isolated.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The ClickHouse engine, a library, behind ClickHouse's HTTP protocol in a JVM of its own. Stateless. */
final class ClickHouseLibrary implements Engine {

    /**
     * What the JVM needs not do: compile as well as it could, let others look into it, and live on without memory, where
     * another takes its place. The engine's parser goes deep.
     * Everything that is unpacked is unpacked where it ends with the server, and no library is looked for where a system
     * keeps its own.
     */
    private static final List<String> JVM = List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Xss16m",
            "-Xmx1g",
            "-Xmn32m",
            "-Djava.io.tmpdir=.",
            "-Djna.tmpdir=.",
            "-Djna.nosys=true",
            "-Djna.platform.library.path=.");

    @Override
    public Optional<String> refusal(Settings settings) {
        return ChdbLibrary.of(settings).refusal();
    }

    @Override
    public Recipe recipe(Settings settings, Account account, Places places) throws IOException {
        Path library = ChdbLibrary.of(settings).file();
        Path classes = FrontClasses.gathered(places.cache());
        // The library itself is read, and need not be one that may be run.
        places.requireReachable(library.resolveSibling(""), EmbeddedKeys.CLICKHOUSE);
        places.requireReachable(classes, EmbeddedKeys.CACHE);
        var data = ClickHouseData.prepared(
                places.cache().resolve("clickhouse-data"), account, hash -> Map.of("password", hash));
        List<String> start = front(classes, library);
        FrontArchive.made(classes, start, account)
                .ifPresent(archive -> start.add(1, "-XX:SharedArchiveFile=" + archive));
        int differences = Objects.hash(start, data.directory(), Host.VERSION);
        return new Recipe(
                String.format("clickhouse-%08x", differences),
                data.directory(),
                port -> command(start, port),
                port -> Optional.empty(),
                Front.READY,
                Front.PORT_TAKEN,
                ClickHouseData.ADMINISTRATOR,
                data.password());
    }

    /** The command line of a front, but for its port. */
    static List<String> front(Path classes, Path library) {
        var line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        line.addAll(JVM);
        line.add("-Djna.boot.library.path=" + classes);
        line.addAll(List.of("-cp", FrontClasses.jar(classes).toString(), Front.class.getName(), library.toString()));
        return line;
    }

    @Override
    public void distrust(Places places) throws IOException {
        ChdbLibrary.distrust(places.cache());
        FrontClasses.distrust(places.cache());
    }

    private static List<String> command(List<String> start, int port) {
        var line = new ArrayList<>(start);
        line.add(Integer.toString(port));
        return line;
    }
}
