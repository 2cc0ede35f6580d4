package dev.isolated.container;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection on which a container's output comes, and its input is held open. Thread-safe. */
final class Attachment implements ResultCallback<Frame> {

    private static final long PATIENCE_SECONDS = 10;

    private final Output output;
    private final CompletableFuture<Closeable> started = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    Attachment(Output output) {
        this.output = output;
    }

    /** An input in which nothing ever comes, until this is closed. */
    InputStream input() {
        return new InputStream() {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }

            @Override
            public int read() throws IOException {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while there was nothing to read", e);
                }
                return -1;
            }
        };
    }

    Attachment awaitStart() throws IOException {
        try {
            started.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return this;
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new IOException("the engine does not connect to the container: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to the container", e);
        }
    }

    @Override
    public void onStart(Closeable connection) {
        started.complete(connection);
    }

    @Override
    public void onNext(Frame frame) {
        output.add(frame.getPayload());
    }

    @Override
    public void onError(Throwable failure) {
        started.completeExceptionally(failure);
        output.end("the connection to it was lost (" + failure.getMessage() + ")");
    }

    @Override
    public void onComplete() {
        output.end("it has ended");
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        if (started.isDone() && !started.isCompletedExceptionally()) {
            started.join().close();
        }
    }
}
