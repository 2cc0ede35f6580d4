package dev.isolated.postgres;

import java.util.Map;
import java.util.Set;

/**
 * What a new connection may ask for at its start: nothing that would make it differ from the others, because all share one
 * session of the server. Immutable.
 *
 * @param shared what the server said of that session
 * @param test whose sandbox it is, for messages
 */
record StartUpParameters(Map<String, String> shared, String test) {

    private static final Set<String> KNOWN =
            Set.of("user", "database", "client_encoding", "DateStyle", "extra_float_digits", "application_name");

    /** Refuses a start-up message, as names and values up to an empty name, that asks for more. */
    void requireAlike(byte[] bytes, int from, int end) throws Refusal {
        int at = from;
        while (at < end && bytes[at] != 0) {
            int value = Wire.textEnd(bytes, at) + 1;
            requireAlike(Wire.text(bytes, at), Wire.text(bytes, value));
            at = Wire.textEnd(bytes, value) + 1;
        }
    }

    private void requireAlike(String name, String value) throws Refusal {
        if (name.equals("user") && !value.equals(shared.get("session_authorization"))) {
            throw new Refusal("28000", "role \"" + value + "\" is not the role of " + test, "");
        }
        if (!KNOWN.contains(name) && !value.equals(shared.get(name))) {
            throw new Refusal(
                    "0A000",
                    "the connection parameter " + name + "=" + value + " is not possible in TRANSACTION isolation, in "
                            + test + ", where all connections share one session",
                    "Use a statement such as SET LOCAL, or DATABASE isolation.");
        }
    }
}
