package dev.isolated.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Has one JVM at a time run classes whose tests start containers: some of them look at all that there are. */
public final class OneJvmAtATime implements BeforeAllCallback {

    private static final String LOCK = "lock";
    private static final Path FILE = Path.of(System.getProperty("java.io.tmpdir"), "isolated-tests-of-containers.lock");

    @Override
    public void beforeAll(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(Namespace.create(OneJvmAtATime.class));
        // A nested class is within the one around it, which has it already.
        if (store.get(LOCK) == null) {
            store.put(LOCK, lock());
        }
    }

    /** Held until the store closes the channel, behind the class. */
    private static FileChannel lock() {
        try {
            FileChannel channel = FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock();
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
