package dev.isolated.postgres;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a new connection asks for at its start, in comparison with the one session of the server that all connections of a
 * test share. Immutable.
 *
 * @param shared what the server said of that session
 * @param isolation the level of the transaction in it
 * @param test whose sandbox it is, for messages
 */
record StartUpParameters(Map<String, String> shared, Isolation isolation, String test) {

    private static final Set<String> NO_PARAMETERS = Set.of("user", "database");
    /** What every driver asks for and the session has already, though the server may spell it otherwise. */
    private static final Map<String, String> CUSTOMARY = Map.of(
            "client_encoding", "UTF8",
            "datestyle", "ISO",
            "application_name", "PostgreSQL JDBC Driver");

    /** {@code -c name=value} or {@code --name=value}; a backslash keeps a blank from ending it. */
    private static final Pattern OPTION = Pattern.compile("(?:-c\\s*|--)([\\w.-]+)=((?:\\\\.|[^\\s\\\\])*)\\s*");

    /** The parameters that make the connection differ, of a start-up message: names and values up to an empty name. */
    Map<String, String> own(byte[] bytes, int from, int end) throws Refusal {
        var own = new LinkedHashMap<String, String>();
        int at = from;
        while (at < end && bytes[at] != 0) {
            int value = Wire.textEnd(bytes, at) + 1;
            take(own, Wire.text(bytes, at), Wire.text(bytes, value));
            at = Wire.textEnd(bytes, value) + 1;
        }
        return own;
    }

    private void take(Map<String, String> own, String name, String value) throws Refusal {
        if (name.equals("user") && !value.equals(shared.get("session_authorization"))) {
            throw new Refusal("28000", "role \"" + value + "\" is not the role of " + test, "");
        } else if (name.equals("options")) {
            options(own, value);
        } else if (name.equals("replication")) {
            throw refused(name, value, "replication is the whole server's.");
        } else if (!NO_PARAMETERS.contains(name)) {
            parameter(own, name, value);
        }
    }

    private void options(Map<String, String> own, String text) throws Refusal {
        Matcher option = OPTION.matcher(text.strip());
        int at = 0;
        while (option.find() && option.start() == at) {
            at = option.end();
            parameter(own, option.group(1).replace('-', '_'), option.group(2).replaceAll("\\\\(.)", "$1"));
        }
        if (at < text.strip().length()) {
            throw refused("options", text, "Only -c name=value is understood there.");
        }
    }

    private void parameter(Map<String, String> own, String spelled, String value) throws Refusal {
        String name = spelled.toLowerCase(Locale.ROOT);
        Isolation level = Isolation.mentioned(value.toUpperCase(Locale.ROOT));
        if (name.equals("default_transaction_isolation") && level != null && level.above(isolation)) {
            throw refused(name, value, "See " + PostgresKeys.ISOLATION + ".");
        }
        boolean alike = name.equals("extra_float_digits")
                || value.equals(CUSTOMARY.get(name))
                || shared.entrySet().stream()
                        .anyMatch(entry -> entry.getKey().equalsIgnoreCase(name)
                                && entry.getValue().equals(value));
        if (!alike) {
            own.put(name, value);
        }
    }

    private Refusal refused(String name, String value, String hint) {
        return new Refusal(
                "0A000",
                "the connection parameter " + name + "=" + value + " is not possible in TRANSACTION isolation, in "
                        + test,
                hint + " Or use " + Instead.DATABASE + ".");
    }
}
