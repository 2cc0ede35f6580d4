package dev.isolated.container;

import dev.isolated.spi.Server;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A JVM that asks for a container, tells its id or why there is none, and keeps it until its input ends. */
final class ContainerMain {

    static final String READY = "ready ";
    static final String REFUSED = "refused ";

    private ContainerMain() {}

    /** Where files are kept, whether the container is shared, and for how long it may be idle. */
    public static void main(String[] arguments) throws IOException {
        PrintStream parent = System.out;
        var settings = CiImage.settings("postgres.container.reuse", arguments[1]);
        Optional<String> refusal = new ContainerSource().refusal(CiImage.SERVICE, settings);
        if (refusal.isPresent()) {
            parent.println(REFUSED + refusal.get());
            return;
        }
        Places places = Places.in(Path.of(arguments[0]));
        Server server = ContainerSource.start(CiImage.SERVICE, settings, places, Duration.parse(arguments[2]));
        parent.println(READY + ((RunningContainer) server.hold()).id());
        while (System.in.read() >= 0) {
            // Until the parent closes it. The server is not closed: whatever holds it goes with the JVM.
        }
    }
}
