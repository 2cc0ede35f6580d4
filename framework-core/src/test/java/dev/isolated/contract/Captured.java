package dev.isolated.contract;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What a logger of the library says while this is open; nothing of it reaches the console. Thread-safe. */
public final class Captured extends Handler implements AutoCloseable {

    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    public Captured(String name) {
        logger = Logger.getLogger(name);
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
    }

    /** The lines of that level. */
    public List<String> lines(Level level) {
        var formatter = new SimpleFormatter();
        return records.stream()
                .filter(it -> it.getLevel().equals(level))
                .map(formatter::formatMessage)
                .toList();
    }

    /** What was thrown, or shown as the place where something happened, with the lines of that level. */
    public List<Throwable> thrown(Level level) {
        return records.stream()
                .filter(it -> it.getLevel().equals(level) && it.getThrown() != null)
                .map(LogRecord::getThrown)
                .toList();
    }

    @Override
    public void publish(LogRecord line) {
        records.add(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
