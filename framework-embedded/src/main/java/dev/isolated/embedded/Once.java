package dev.isolated.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

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

    /** Deletes a directory with all it holds, if it is there. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> tree = Files.walk(directory)) {
            paths = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
