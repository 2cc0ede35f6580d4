package dev.isolated.container;

import dev.isolated.spi.Hold;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A container that runs, or did, and this JVM's hold on it. Thread-safe. */
final class RunningContainer implements Hold {

    private final Engine engine;
    private final String id;
    private final Output output;
    private final Attachment attachment;
    private final boolean own;
    private volatile boolean released;

    private RunningContainer(Engine engine, String id, Output output, Attachment attachment, boolean own) {
        this.engine = engine;
        this.id = id;
        this.output = output;
        this.attachment = attachment;
        this.own = own;
    }

    /** Makes and starts a container, which ends as its recipe says, even if this JVM dies meanwhile. */
    static RunningContainer start(Engine engine, Recipe recipe, BoundedLog log) throws IOException {
        var output = new Output(log);
        String id = engine.create(recipe);
        Attachment attachment = null;
        try {
            // Connected before it runs: nothing may wait for an end that nobody can bring about, and no last words be
            // lost.
            attachment = engine.attach(id, output, recipe.endsWithInput());
            engine.start(id);
            return new RunningContainer(engine, id, output, attachment, recipe.endsWithInput());
        } catch (IOException e) {
            if (attachment != null) {
                attachment.close();
            }
            removeAfter(e, engine, id);
            throw e;
        }
    }

    private static void removeAfter(IOException reason, Engine engine, String id) {
        try {
            engine.remove(id);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Joins a container that others have started and that goes on without this JVM. */
    static RunningContainer join(Engine engine, String id, BoundedLog log) throws IOException {
        var output = new Output(log);
        try {
            return new RunningContainer(engine, id, output, engine.follow(id, output), false);
        } catch (IOException e) {
            log.close();
            throw e;
        }
    }

    String id() {
        return id;
    }

    /** The port under which one of the container's is reached. */
    int port(int inside) throws IOException {
        return engine.port(id, inside);
    }

    Output output() {
        return output;
    }

    @Override
    public Optional<String> death() {
        return released
                ? Optional.of("it was let go")
                : output.ended()
                        .map(how -> how + "; its last words: " + output.log().lastWords());
    }

    @Override
    public Optional<Path> log() {
        return Optional.of(output.log().file());
    }

    @Override
    public void release() {
        if (own) {
            end();
        } else {
            leave();
        }
    }

    /** Ends the container, whosever it is. */
    void end() {
        released = true;
        quietly("remove", () -> engine.remove(id));
        leave();
    }

    private void leave() {
        released = true;
        quietly("disconnect from", attachment::close);
        quietly("remove the log of", output.log()::close);
    }

    private interface Task {
        void run() throws IOException;
    }

    /** Whatever cannot be tidied up here is tidied up by the container's own guard. */
    private void quietly(String what, Task task) {
        try {
            task.run();
        } catch (IOException e) {
            Log.LOGGER.log(System.Logger.Level.WARNING, "could not {0} container {1}: {2}", what, id, e.getMessage());
        }
    }
}
