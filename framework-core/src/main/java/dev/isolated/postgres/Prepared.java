package dev.isolated.postgres;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The statements that a session has prepared and what they mean, by the session's names for them. Guarded by its session. */
final class Prepared {

    private final Names names;
    private final Map<String, Part> statements = new HashMap<>();
    /** The server skips what follows an error, so that what was to be closed may be there still. */
    private final Map<String, Part> closing = new HashMap<>();

    Prepared(Names names) {
        this.names = names;
    }

    void put(String name, Part statement) {
        statements.put(name, statement);
    }

    Part get(String name) {
        return statements.getOrDefault(name, Part.NOTHING);
    }

    /** The text of a statement; null where there is none of that name. */
    @Nullable String sql(String name) {
        Part statement = statements.get(name);
        return statement == null ? null : statement.sql();
    }

    /** The server is told to forget a statement. */
    void close(String name) {
        Part statement = statements.remove(name);
        if (statement != null && !name.isEmpty()) {
            closing.put(name, statement);
        }
    }

    /** The same for all that have a name; what those are called on the server. */
    List<String> closeAll() {
        List<String> all = names();
        List.copyOf(statements.keySet()).stream()
                .filter(name -> !name.isEmpty())
                .forEach(this::close);
        return all;
    }

    /** The exchange is over in which that was said. */
    void settle(boolean succeeded) {
        if (!succeeded) {
            closing.forEach(statements::putIfAbsent);
        }
        closing.clear();
    }

    /** What those that may be on the server are called there. */
    List<String> names() {
        Set<String> named = new HashSet<>(statements.keySet());
        named.addAll(closing.keySet());
        named.remove("");
        return named.isEmpty() ? List.of() : named.stream().map(names::onServer).toList();
    }
}
