package dev.isolated.error;

/**
 * The grammar of a failure's message: what was being done and to which named thing, what was expected, what was found,
 * what to do next. Immutable.
 */
public record Explanation(String task, String expected, String found, String next) {

    /** Starts an explanation; {@code task} completes the sentence "Could not …" and names the thing. */
    public static Explanation couldNot(String task) {
        return new Explanation(task, "", "", "");
    }

    public Explanation expected(String what) {
        return new Explanation(task, what, found, next);
    }

    public Explanation found(String what) {
        return new Explanation(task, expected, what, next);
    }

    public Explanation next(String what) {
        return new Explanation(task, expected, found, what);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("Could not ").append(task);
        if (!expected.isEmpty()) {
            text.append(": expected ").append(expected);
        }
        if (!found.isEmpty()) {
            text.append(expected.isEmpty() ? ": found " : ", but found ").append(found);
        }
        stop(text);
        if (!next.isEmpty()) {
            stop(text.append(" What to do: ").append(next));
        }
        return text.toString();
    }

    /** A part that quotes another message may already end with one. */
    private static void stop(StringBuilder text) {
        if (text.charAt(text.length() - 1) != '.') {
            text.append('.');
        }
    }
}
