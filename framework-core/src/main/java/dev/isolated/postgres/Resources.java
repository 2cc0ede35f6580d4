package dev.isolated.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is on the class path beneath a directory. Stateless. */
final class Resources {

    private Resources() {}

    static ClassLoader loader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? Resources.class.getClassLoader() : context;
    }

    static boolean exist(String path) {
        return loader().getResource(path) != null;
    }

    /** The names and contents of all files beneath a directory of the class path, as one text that changes with them. */
    static String fingerprint(String directory) {
        SortedMap<String, String> digests = new TreeMap<>();
        try {
            for (URL root : Collections.list(loader().getResources(directory))) {
                if (root.openConnection() instanceof JarURLConnection jar) {
                    inJar(jar, digests);
                } else {
                    inDirectory(Path.of(new URI(root.toString())), digests);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + directory + " on the class path", e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(directory + " on the class path is at an address that is none", e);
        }
        return lines(digests);
    }

    /** The same of a directory of the file system. */
    static String fingerprint(Path directory) {
        SortedMap<String, String> digests = new TreeMap<>();
        try {
            inDirectory(directory, digests);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + directory, e);
        }
        return lines(digests);
    }

    private static String lines(SortedMap<String, String> digests) {
        return digests.entrySet().stream()
                .map(file -> file.getKey() + " " + file.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static void inDirectory(Path root, SortedMap<String, String> digests) throws IOException {
        List<Path> files;
        try (Stream<Path> paths = Files.walk(root)) {
            files = paths.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            digests.put(root.relativize(file).toString(), digest(Files.readAllBytes(file)));
        }
    }

    private static void inJar(JarURLConnection connection, SortedMap<String, String> digests) throws IOException {
        connection.setUseCaches(false);
        String root =
                connection.getEntryName().endsWith("/") ? connection.getEntryName() : connection.getEntryName() + "/";
        try (JarFile jar = connection.getJarFile()) {
            for (var entry : Collections.list(jar.entries())) {
                if (!entry.isDirectory() && entry.getName().startsWith(root)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        digests.put(entry.getName().substring(root.length()), digest(in.readAllBytes()));
                    }
                }
            }
        }
    }

    static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
