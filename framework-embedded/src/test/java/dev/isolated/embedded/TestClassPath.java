package dev.isolated.embedded;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory on the class path of one test, whose thread finds resources there until this is closed. */
record TestClassPath(Path directory, URLClassLoader loader, ClassLoader before) implements AutoCloseable {

    static TestClassPath with(Path directory) throws IOException {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        var loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(loader);
        return new TestClassPath(directory, loader, before);
    }

    void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Override
    public void close() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        loader.close();
    }
}
