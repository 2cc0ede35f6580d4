package dev.isolated.embedded.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may come in, and as which of the engine's roles. The engine's own users cannot change while it runs, so its roles are
 * made beforehand, each for databases whose names begin in one way, and users are given one each. Thread-safe.
 */
final class Accounts {

    /** How many users there may be beside the administrator; a start takes the engine a quarter of a millisecond for each. */
    static final int MOST = 256;

    static final String ADMINISTRATOR = "default";

    /** Gives all numbers as many digits: no role's name begins with another's. */
    private static final int FIRST = 100_000;

    /** The role that may do everything. */
    static final String ALL = "isolated_all";

    /**
     * A user. Immutable.
     *
     * @param hash of the password, by SHA-256
     * @param role one of the engine's roles
     */
    record Account(String name, String hash, String role) {

        boolean administrator() {
            return role.equals(ALL);
        }

        /** How the names of databases begin that are this user's. */
        String prefix() {
            return role + "_";
        }

        /** What a query of this user is marked with. */
        String mark(String query) {
            return marksOf(name) + query;
        }

        /** How the marks of all queries of a user begin. */
        static String marksOf(String name) {
            return name + "/";
        }
    }

    private final Path administrators;
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    /** Those who may come in at first: whoever has the password whose hash is in a file. */
    Accounts(Path administrators) {
        this.administrators = administrators;
        String hash = read(administrators);
        accounts.put(ADMINISTRATOR, new Account(ADMINISTRATOR, hash, ALL));
        for (int slot = 0; slot < MOST; slot++) {
            free.add(slot);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The role for users with that number. */
    static String role(int slot) {
        return "isolated_" + Integer.toString(FIRST + slot).substring(1);
    }

    /** Who has that name and password. */
    Account admit(String name, String password) throws EngineException {
        Account account = accounts.get(name);
        if (account == null || !MessageDigest.isEqual(bytes(account.hash()), bytes(hash(password)))) {
            throw EngineException.refused(
                    EngineException.AUTHENTICATION_FAILED,
                    "AUTHENTICATION_FAILED",
                    name + ": Authentication failed: password is incorrect, or there is no user with such name.");
        }
        return account;
    }

    synchronized Account create(String name, String hash) throws EngineException {
        if (accounts.containsKey(name)) {
            throw EngineException.refused(
                    EngineException.ACCESS_ENTITY_ALREADY_EXISTS,
                    "ACCESS_ENTITY_ALREADY_EXISTS",
                    "user `" + name + "`: cannot insert because user `" + name + "` already exists");
        }
        Integer slot = free.poll();
        if (slot == null) {
            throw EngineException.refused(
                    EngineException.TOO_MANY_USERS,
                    "ACCESS_STORAGE_FOR_INSERTION_NOT_FOUND",
                    "all " + MOST + " users of the embedded engine are taken");
        }
        var account = new Account(name, hash, role(slot));
        accounts.put(name, account);
        return account;
    }

    /** Gives a user another password. */
    synchronized Account change(String name, String hash) throws EngineException {
        Account changed = new Account(name, hash, known(name).role());
        if (changed.administrator()) {
            writeDown(changed);
        }
        accounts.put(name, changed);
        return changed;
    }

    /** Where the file may not be written, its user is like one in a configuration file of ClickHouse's. */
    private void writeDown(Account administrator) throws EngineException {
        try {
            Files.writeString(administrators, administrator.hash(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw EngineException.refused(
                    EngineException.ACCESS_STORAGE_READONLY,
                    "ACCESS_STORAGE_READONLY",
                    "Cannot update user `" + administrator.name() + "`: it is in a file that cannot be written: " + e);
        }
    }

    /** Removes a user; another will have its role as late as possible. */
    synchronized Account drop(String name) throws EngineException {
        Account dropped = known(name);
        if (dropped.administrator()) {
            throw EngineException.denied("the administrator stays");
        }
        accounts.remove(name);
        free.add(Integer.valueOf(dropped.role().substring(dropped.role().lastIndexOf('_') + 1)));
        return dropped;
    }

    /** The same where there is one. */
    synchronized Optional<Account> dropIfThere(String name) throws EngineException {
        return has(name) ? Optional.of(drop(name)) : Optional.empty();
    }

    /** Those whose names begin so. */
    List<String> names(String beginning) {
        return accounts.keySet().stream()
                .filter(it -> it.startsWith(beginning))
                .sorted()
                .toList();
    }

    boolean has(String name) {
        return accounts.containsKey(name);
    }

    Account known(String name) throws EngineException {
        Account account = accounts.get(name);
        if (account == null) {
            throw EngineException.refused(
                    EngineException.ACCESS_ENTITY_NOT_FOUND,
                    "UNKNOWN_USER",
                    "There is no user `" + name + "` in the embedded engine");
        }
        return account;
    }

    static String hash(String password) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(password)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
