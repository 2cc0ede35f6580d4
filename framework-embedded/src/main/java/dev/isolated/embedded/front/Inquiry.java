package dev.isolated.embedded.front;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * What the front must know of its engine, asked in a thread of its own while the first requests come in: whoever needs an
 * answer waits for it. An engine that does not answer such questions is of no use. Thread-safe.
 */
final class Inquiry {

    private final CompletableFuture<EngineConnection> engine;
    private final ExecutorService thread;

    /**
     * @param engine used by nobody else, once it is there
     * @param threads which end the front where they fail
     */
    Inquiry(CompletableFuture<EngineConnection> engine, ThreadFactory threads) {
        this.engine = engine;
        thread = Executors.newSingleThreadExecutor(threads);
    }

    /** Something that is asked. */
    interface Question<T> {
        T of(EngineConnection engine) throws EngineException;
    }

    /** Asks it, after what has been asked before. */
    <T> CompletableFuture<T> ask(Question<T> question) {
        var answer = new CompletableFuture<T>();
        thread.execute(() -> {
            try {
                answer.complete(question.of(engine.join()));
            } catch (EngineException e) {
                throw new IllegalStateException("the engine does not say what it is", e);
            }
        });
        return answer;
    }

    /** Waits until all has been answered; nothing more is asked. */
    void end() {
        CompletableFuture.runAsync(() -> {}, thread).join();
        thread.shutdown();
    }
}
