package dev.isolated.embedded;

import dev.isolated.spi.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JVMs that tests start, with the tests' own class path. Stateless. */
final class ChildJvm {

    private ChildJvm() {}

    /** One that runs a class; what it says to its error stream is thrown away. */
    static ProcessBuilder of(Class<?> main, String... arguments) {
        return of(List.of(), main, arguments);
    }

    /** The same with options of the JVM's. */
    static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /** One that is told a server's password, which no list of arguments shows. */
    static ProcessBuilder knowing(Server server, Class<?> main, String... arguments) {
        ProcessBuilder builder = of(main, arguments);
        builder.environment().put("PASSWORD", server.endpoint().password().reveal());
        return builder;
    }
}
