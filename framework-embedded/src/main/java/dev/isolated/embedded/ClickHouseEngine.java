package dev.isolated.embedded;

import dev.isolated.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** ClickHouse: a server from the path, or the engine as a library. Stateless. */
final class ClickHouseEngine implements Engine {

    @Override
    public Optional<String> refusal(Settings settings) {
        return chosen(settings).refusal(settings);
    }

    @Override
    public Recipe recipe(Settings settings, Account account, Places places) throws IOException {
        return chosen(settings).recipe(settings, account, places);
    }

    /** Only of the library is anything in the cache that could be damaged and made anew. */
    @Override
    public void distrust(Places places) throws IOException {
        new ClickHouseLibrary().distrust(places);
    }

    private static Engine chosen(Settings settings) {
        return chosen(settings.get(EmbeddedKeys.CLICKHOUSE), System.getenv().getOrDefault("PATH", ""));
    }

    /** The kind that is wanted, with the programs on a path. */
    static Engine chosen(String wanted, String path) {
        return switch (wanted) {
            case EmbeddedKeys.OFF, EmbeddedKeys.LIBRARY -> new ClickHouseLibrary();
            case EmbeddedKeys.AUTO ->
                ClickHouseProgram.onPath(path)
                        .<Engine>map(ClickHouseServer::new)
                        .orElseGet(ClickHouseLibrary::new);
            default ->
                FileKind.of(Path.of(wanted)) == FileKind.PROGRAM
                        ? new ClickHouseServer(
                                new ClickHouseProgram(Path.of(wanted).toAbsolutePath()))
                        : new ClickHouseLibrary();
        };
    }
}
