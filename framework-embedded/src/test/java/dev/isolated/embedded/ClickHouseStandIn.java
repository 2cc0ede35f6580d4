package dev.isolated.embedded;

import dev.isolated.embedded.front.Front;
import dev.isolated.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Programs called {@code clickhouse}: some only say a version, one is a server that takes a configuration as ClickHouse's own
 * does and becomes the embedded engine. Stateless.
 */
final class ClickHouseStandIn {

    private static final String SERVER = """
            [ "$1" = server ]
            for word; do
              case $word in
                --config-file=*) configuration=${word#*=} ;;
                --http_port=*) port=${word#*=} ;;
              esac
            done
            listens=$(sed -n 's:.*<listen_host>\\(.*\\)</listen_host>.*:\\1:p' "$configuration")
            [ "$listens" = 127.0.0.1 ]
            users=$(sed -n 's:.*<users_config>\\(.*\\)</users_config>.*:\\1:p' "$configuration")
            sed -n 's:.*<password_sha256_hex>\\(.*\\)</password_sha256_hex>.*:\\1:p' "$users" | tr -d '\\n' >password
            # As in a file of ClickHouse's, where SQL cannot change it.
            chmod 400 password
            '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss16m -Xmx1g -Djava.io.tmpdir=. -Djna.tmpdir=. -Djna.nosys=true \\
              -cp '%s' '%s' '%s' "$port" 2>&1 | sed -u -e 's/%s/%s/' -e 's/%s/%s/'
            """;

    private ClickHouseStandIn() {}

    /** One that answers like a version of ClickHouse, and is nothing. */
    static Path saying(Path directory, String name, String said) throws IOException {
        return script(directory, name, """
                case " $* " in *" --version ") echo '%s' ;; *) exit 1 ;; esac
                """.formatted(said));
    }

    /** One that is a server. */
    static Path server(Path directory) throws IOException {
        Settings settings = Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer("test", Map.of("isolated.embedded.clickhouse", "library"))
                .build();
        Path classes = FrontClasses.gathered(new Places(settings, Account.current()).cache());
        String said = "if [ \"$*\" = 'server --version' ]; then echo '" + version("26.7.3.1") + "'; exit; fi\n";
        return script(
                directory,
                "clickhouse",
                said
                        + SERVER.formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                FrontClasses.jar(classes),
                                Front.class.getName(),
                                ChdbLibrary.of(settings).file(),
                                Front.READY,
                                ClickHouseServer.READY,
                                Front.PORT_TAKEN,
                                ClickHouseServer.PORT_TAKEN));
    }

    /** How ClickHouse says its version. */
    static String version(String number) {
        return "ClickHouse server version " + number + " (official build).";
    }

    private static Path script(Path directory, String name, String lines) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\nset -eu\n" + lines);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
