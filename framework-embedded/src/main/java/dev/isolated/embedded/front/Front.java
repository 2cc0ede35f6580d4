package dev.isolated.embedded.front;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The program of the process: {@code Front <libchdb.so> <port>}, in a directory with the file
 * {@code password}, which holds the hash of the administrator's. With {@code once} behind it, it ends when it has answered
 * itself, and at the latest when its standard input does, which is when whoever has started it is gone.
 */
public final class Front {

    /** What is printed when clients may come. */
    public static final String READY = "the embedded ClickHouse is ready";

    /** What is printed where the port is another's. */
    public static final String PORT_TAKEN = "the port is taken";

    /** What has it end as soon as it is ready, and has answered itself. */
    public static final String ONCE = "once";

    /** What is printed then. */
    public static final String REHEARSED = "the embedded ClickHouse has answered itself";

    private static final int QUIT = 3;
    private static final int EXIT_FAILURE = 1;
    private static final int BACKLOG = 1_024;

    /** The engine's parser goes deep. */
    private static final long STACK = 16L << 20;

    private Front() {}

    public static void main(String[] arguments) throws EngineException {
        Thread.currentThread().setUncaughtExceptionHandler(Front::endWithFailure);
        boolean once = arguments.length > 2 && arguments[2].equals(ONCE);
        if (once) {
            endWithInput();
        }
        var configured = new CompletableFuture<Void>();
        var engine = new CompletableFuture<EngineConnection>();
        var reception = new CompletableFuture<Reception>();
        beside(() -> {
                    writeDown();
                    configured.complete(null);
                    HttpServer server = bound(Integer.parseInt(arguments[1]));
                    reception.complete(Reception.opened(server, engine));
                    greet(server);
                })
                .start();
        quitAtOnce();
        Chdb.load(arguments[0]);
        configured.join();
        engine.complete(EngineConnection.open(List.of("--config-file=" + Configuration.FILE)));
        Reception open = reception.join();
        System.out.println(READY);
        open.inquiry().end();
        if (once) {
            rehearse(open.server().getAddress(), open.accounts());
            System.exit(0);
        }
    }

    /** Where clients come in. */
    private record Reception(HttpServer server, Accounts accounts, Inquiry inquiry) {

        /** Whoever comes before the engine waits for it. */
        static Reception opened(HttpServer server, CompletableFuture<EngineConnection> engine) {
            var accounts = new Accounts(Path.of("password"));
            var inquiry = new Inquiry(engine, Front::beside);
            var conversation = new Conversation(accounts, inquiry);
            server.createContext("/", exchange -> {
                var unused = engine.join();
                conversation.handle(exchange);
            });
            server.setExecutor(Executors.newCachedThreadPool(threads()));
            server.start();
            return new Reception(server, accounts, inquiry);
        }
    }

    private static void writeDown() {
        try {
            Files.writeString(
                    Path.of("front.pid"), Long.toString(ProcessHandle.current().pid()));
            Configuration.write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A front whose first answer takes long is better than none. */
    private static void greet(HttpServer server) {
        server.createContext(Greeting.PATH, new Greeting());
        try {
            Greeting.exchange(server.getAddress());
        } catch (IOException e) {
            System.out.println("the front does not greet itself: " + e);
        } finally {
            server.removeContext(Greeting.PATH);
        }
    }

    /** An archive without it is better than none. */
    private static void rehearse(InetSocketAddress front, Accounts accounts) {
        try {
            Rehearsal.play(front, accounts);
            System.out.println(REHEARSED);
        } catch (IOException | EngineException e) {
            System.out.println("the front's questions to itself have failed: " + e);
        }
    }

    /** A server that has no engine would go on. */
    private static void endWithFailure(Thread thread, Throwable failure) {
        failure.printStackTrace();
        Runtime.getRuntime().halt(EXIT_FAILURE);
    }

    private static void endWithInput() {
        beside(() -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        System.out.println("the standard input cannot be read: " + e);
                    }
                    Runtime.getRuntime().halt(EXIT_FAILURE);
                })
                .start();
    }

    /** A start is as long as what has to wait for something else: the rest is done beside it. */
    private static Thread beside(Runnable task) {
        var thread = new Thread(task, "beside");
        thread.setUncaughtExceptionHandler(Front::endWithFailure);
        return thread;
    }

    /** The engine's tear-down crashes while it is busy; there is nothing to be saved. */
    private static void quitAtOnce() {
        NativeLibrary libc = NativeLibrary.getProcess();
        Pointer exit = libc.getFunction("_exit");
        var unused = libc.getFunction("signal", Function.C_CONVENTION).invokePointer(new Object[] {QUIT, exit});
    }

    private static HttpServer bound(int port) {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "300");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
        // A client that sends much and is refused reads the answer only when all of it was taken.
        System.setProperty("sun.net.httpserver.drainAmount", Long.toString(1L << 30));
        // In seconds, for a request to come to its end: whoever is refused may leave the rest of it unsent.
        System.setProperty("sun.net.httpserver.maxReqTime", "600");
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (BindException e) {
            System.out.println(PORT_TAKEN + ": " + e.getMessage());
            Runtime.getRuntime().halt(EXIT_FAILURE);
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ThreadFactory threads() {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(null, task, "request-" + count.incrementAndGet(), STACK);
            thread.setDaemon(true);
            return thread;
        };
    }
}
