package dev.isolated.redis;

import java.util.List;
import java.util.Locale;

/**
 * Something that the server has refused somebody. Immutable.
 *
 * @param seconds how long ago it has done so last
 * @param told the server's words
 */
record Refusal(double seconds, String told) {

    private static final String STRANGER =
            "with a password that is not this test's, as clients have that an earlier one left: ";

    /** From an entry of its log, in which each name is followed by its value. */
    static Refusal of(Object entry) {
        String age = value(entry, "age-seconds");
        return new Refusal(age.isEmpty() ? 0 : Double.parseDouble(age), meaning(entry) + entry);
    }

    /** What the test's author may want to know ahead of the server's words. */
    private static String meaning(Object entry) {
        String command = value(entry, "object").replaceFirst("\\|.*", "").toUpperCase(Locale.ROOT);
        return switch (value(entry, "reason")) {
            case "auth" -> STRANGER;
            case "channel" -> beyond("PUBLISH");
            default -> beyond(command);
        };
    }

    private static String beyond(String command) {
        return Admission.beyondTheDatabase(command)
                .map(what -> "about " + what + "; @Isolated(mode = \"" + RedisService.SERVER
                        + "\") gives the test a server of its own: ")
                .orElse("");
    }

    private static String value(Object entry, String name) {
        List<?> words = entry instanceof List<?> list ? list : List.of();
        int value = words.indexOf(name) + 1;
        return value > 0 && value < words.size() ? String.valueOf(words.get(value)) : "";
    }

    @Override
    public String toString() {
        return told;
    }
}
