package dev.isolated.embedded;

import dev.isolated.contract.Bench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests whose databases start from what they put on the class path, on a server that nobody else uses. */
@ExtendWith(OwnServers.class)
abstract class FromTemplates {

    final OwnServer own;

    TestClassPath classPath;

    FromTemplates(OwnServer own) {
        this.own = own;
    }

    @BeforeEach
    void findResourcesHere(@TempDir Path directory) throws IOException {
        classPath = TestClassPath.with(directory);
    }

    @AfterEach
    void removeTemplates() throws IOException {
        classPath.close();
        own.connect(Bench.newRun(), Map.of("isolated.postgres.templates.max", "0"))
                .close();
    }
}
