package dev.isolated.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Makes a directory once for all processes of a machine: under a lock, under a temporary name, and visible only when it is
 * complete. Whoever is killed half-way leaves nothing that the next one would take for whole.
 */
final class Once {

    /** Fills a directory that does not exist yet. */
    interface Maker {
        void make(Path directory) throws IOException;
    }

    private Once() {}

    static Path directory(Path path, Maker maker) throws IOException {
        if (Files.isDirectory(path)) {
            return path;
        }
        synchronized (Once.class) {
            Path lockFile = path.resolveSibling(path.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.isDirectory(path)) {
                    Path half = path.resolveSibling(path.getFileName() + ".half");
                    delete(half);
                    maker.make(half);
                    Files.move(half, path, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        return path;
    }

    /** Deletes a directory with all it holds, if it is there; somebody else may be deleting it at the same time. */
    static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                return unlessGone(failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    unlessGone(failure);
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static FileVisitResult unlessGone(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
