package dev.isolated.embedded;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate that has signed itself, made by the JDK's own program, and its key. Immutable.
 *
 * @param file the certificate alone, as PEM
 */
record Certificate(Path file, List<String> certificate, List<String> key) {

    private static final String PASSWORD = "changeit";
    private static final int LINE = 64;

    /** In a name such as {@code dns:localhost} or {@code ip:127.0.0.1}. */
    static Certificate made(Path directory, String alias, String name) throws IOException, GeneralSecurityException {
        Path store = directory.resolve(alias + ".p12");
        Programs.run(
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        alias,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + alias,
                        "-ext",
                        "san=" + name),
                "keytool");
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        List<String> certificate = pem("CERTIFICATE", keys.getCertificate(alias).getEncoded());
        List<String> key =
                pem("PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded());
        return new Certificate(Files.write(directory.resolve(alias + ".pem"), certificate), certificate, key);
    }

    private static List<String> pem(String kind, byte[] content) {
        var lines = new ArrayList<String>();
        lines.add("-----BEGIN " + kind + "-----");
        String body = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        lines.addAll(body.lines().toList());
        lines.add("-----END " + kind + "-----");
        return lines;
    }

    /** Has a server use it from now on; the file by which the server is verified. */
    Path installOn(OwnServer server) throws SQLException {
        server.write("server.crt", certificate);
        server.write("server.key", key);
        server.run("ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()");
        await().until(() -> server.list("SHOW ssl").equals(List.of("on")));
        return file;
    }
}
