package dev.isolated.postgres;

import java.util.regex.Pattern;

/** Names of roles and databases as SQL has them. */
final class Identifier {

    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    private Identifier() {}

    /** The name, in quotes where it needs them. */
    static String quoted(String name) {
        return PLAIN.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
