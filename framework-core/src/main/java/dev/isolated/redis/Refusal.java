package dev.isolated.redis;

import java.util.List;

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
        boolean stranger = value(entry, "reason").equals("auth");
        String age = value(entry, "age-seconds");
        return new Refusal(age.isEmpty() ? 0 : Double.parseDouble(age), (stranger ? STRANGER : "") + entry);
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
