package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Accounts.Account;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Connections that outlast a request because a client has named them. Thread-safe. */
final class Sessions {

    private static final Duration SOON = Duration.ofMillis(500);

    /** A connection and who has it. */
    static final class Session {

        private final Account account;
        private final EngineConnection connection;
        private final ReentrantLock use = new ReentrantLock();
        private volatile long limit;
        private volatile boolean unwanted;
        private boolean ended;

        private Session(Account account, EngineConnection connection) {
            this.account = account;
            this.connection = connection;
        }

        EngineConnection connection() {
            return connection;
        }

        /** Has it end when it is released. */
        void discard() {
            unwanted = true;
        }

        /** A client may have the end of an answer, and ask on, before the session of that is released. */
        private boolean isFreeSoon() {
            try {
                return use.tryLock(SOON.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /** Lets the next request have it, and keeps it for some time. */
        void release(Duration time) {
            limit = System.nanoTime() + time.toNanos();
            if (unwanted) {
                // Whoever waits for it must not have it.
                close();
            }
            use.unlock();
            if (unwanted) {
                close();
            }
        }

        /** Closes it now, or when whoever has it is done. */
        private void close() {
            unwanted = true;
            if (use.tryLock()) {
                try {
                    if (!ended) {
                        ended = true;
                        connection.close();
                    }
                } finally {
                    use.unlock();
                }
            }
        }
    }

    /** Opens a connection for a session that is new. */
    interface Opening {
        EngineConnection open() throws EngineException;
    }

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /** The session of that name, which nobody else has before it is released; made where there is none. */
    Session take(Account account, String name, boolean known, Opening opening) throws EngineException {
        endThoseThatAreOver();
        String key = account.mark(name);
        while (true) {
            Session session = sessions.get(key);
            if (session == null) {
                if (known) {
                    throw EngineException.refused(
                            EngineException.SESSION_NOT_FOUND, "SESSION_NOT_FOUND", "Session " + name + " not found");
                }
                var made = new Session(account, opening.open());
                session = sessions.putIfAbsent(key, made);
                if (session != null) {
                    made.close();
                } else {
                    session = made;
                }
            }
            if (!session.account.equals(account)) {
                // Made by a request that was admitted before its user was renewed.
                sessions.remove(key, session);
                session.close();
                continue;
            }
            if (!session.isFreeSoon()) {
                throw EngineException.refused(
                        EngineException.SESSION_IS_LOCKED,
                        "SESSION_IS_LOCKED",
                        "Session " + name + " is locked by a concurrent client");
            }
            if (!session.ended) {
                session.limit = Long.MAX_VALUE;
                return session;
            }
            session.use.unlock();
            sessions.remove(key, session);
        }
    }

    /** Ends all of a user. */
    void end(Account account) {
        end(sessions.entrySet().stream()
                .filter(it -> it.getValue().account.name().equals(account.name()))
                .toList());
    }

    private void endThoseThatAreOver() {
        long now = System.nanoTime();
        end(sessions.entrySet().stream()
                .filter(it -> it.getValue().limit != Long.MAX_VALUE && it.getValue().limit - now < 0)
                .filter(it -> !it.getValue().use.isLocked())
                .toList());
    }

    private void end(List<Map.Entry<String, Session>> over) {
        over.forEach(it -> {
            sessions.remove(it.getKey(), it.getValue());
            it.getValue().close();
        });
    }
}
