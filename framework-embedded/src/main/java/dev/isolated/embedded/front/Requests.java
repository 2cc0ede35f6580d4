package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What is being answered, which can be ended, and the last of what each user has asked. Thread-safe. */
final class Requests {

    /** How many of a user's are remembered. */
    private static final int REMEMBERED = 200;

    /** How long a query that the engine ends may take to tell its client. */
    private static final Duration GRACE = Duration.ofMillis(200);

    private static final int ATTEMPTS = 50;

    /** A request that is being answered by the thread that began it. Thread-safe. */
    final class Running implements AutoCloseable {

        private final Account account;
        private final String id;
        private final String database;
        private final Instant at = Instant.now();
        private final long start = System.nanoTime();
        private final Thread thread = Thread.currentThread();
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private volatile String sql = "";
        private String failure = "";

        private Running(Account account, String id, String database) {
            this.account = account;
            this.id = id;
            this.database = database;
        }

        /** What it turns out to ask. */
        void asks(Statement statement) {
            sql = statement.beginning();
        }

        /** Its client is to be told, also where its query was interrupted. */
        void failed(EngineException reason) {
            var unused = Thread.interrupted();
            failure = String.valueOf(reason.getMessage());
        }

        /** An interrupt closes the socket that the thread reads or writes; one that comes too late would close another's. */
        private synchronized void cutOff() {
            if (!over.isDone()) {
                thread.interrupt();
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                var unused = Thread.interrupted();
                over.complete(null);
            }
            running.remove(this);
            if (!account.administrator()) {
                remember(account, new Past(at, Duration.ofNanos(System.nanoTime() - start), database, sql, failure));
            }
        }
    }

    /**
     * One that has been answered. Immutable.
     *
     * @param sql its beginning
     * @param failure what its client was told; empty where it went well
     */
    record Past(Instant at, Duration time, String database, String sql, String failure) {}

    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final Map<String, Deque<Past>> past = new ConcurrentHashMap<>();

    Running begin(Account account, Request request) {
        var begun = new Running(account, request.id(), request.database());
        running.add(begun);
        return begun;
    }

    /** Tells the engine once more. */
    interface Again {
        void tell() throws EngineException;
    }

    /**
     * Ends those whose queries have such marks and such texts, but for the one that asks: even where a client neither reads nor
     * writes, and where the engine began a query only after it was told.
     */
    void end(BiPredicate<String, String> wanted, Again again) throws EngineException {
        List<Running> concerned = running.stream()
                .filter(it -> it.thread != Thread.currentThread())
                .filter(it -> wanted.test(it.account.mark(it.id), it.sql))
                .toList();
        // Each is interrupted in its query, and once more if it cannot tell its client of that.
        for (int i = 0; i < ATTEMPTS; i++) {
            if (areOver(concerned, GRACE)) {
                return;
            }
            again.tell();
            concerned.forEach(Running::cutOff);
        }
        throw EngineException.refused(
                EngineException.TIMEOUT_EXCEEDED,
                "TIMEOUT_EXCEEDED",
                "queries that were told to end have not done so within "
                        + GRACE.multipliedBy(ATTEMPTS).toSeconds() + " seconds");
    }

    /** What a user has asked in a database, the last first. */
    List<Past> past(Predicate<Past> wanted) {
        return past.values().stream()
                .flatMap(Requests::copy)
                .filter(wanted)
                .sorted((one, other) -> other.at().compareTo(one.at()))
                .toList();
    }

    /** Nobody will ask about a user any more. */
    void forget(Account account) {
        past.remove(account.name());
    }

    private void remember(Account account, Past answered) {
        Deque<Past> last = past.computeIfAbsent(account.name(), name -> new ArrayDeque<>());
        synchronized (last) {
            if (last.size() == REMEMBERED) {
                last.removeFirst();
            }
            last.addLast(answered);
        }
    }

    private static Stream<Past> copy(Deque<Past> last) {
        synchronized (last) {
            return List.copyOf(last).stream();
        }
    }

    private static boolean areOver(List<Running> concerned, Duration limit) {
        try {
            CompletableFuture.allOf(concerned.stream().map(it -> it.over).toArray(CompletableFuture[]::new))
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("no request ends like that", e);
        }
    }
}
