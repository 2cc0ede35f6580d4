package dev.isolated.spi;

import dev.isolated.settings.Secret;
import java.util.regex.Pattern;

/**
 * Something that helps to understand why a test failed, such as the rows that it wrote. Immutable; what is too long to be
 * read is cut, and passwords in SQL are hidden.
 *
 * @param title a few words
 * @param text lines for a person to read, without secrets
 */
public record Evidence(String title, String text) {

    private static final int MOST = 64 * 1024;
    private static final Pattern PASSWORD =
            Pattern.compile("\\b((?:password|identified by)\\s+)'[^']*'", Pattern.CASE_INSENSITIVE);

    public Evidence {
        text = PASSWORD.matcher(text).replaceAll("$1'***'");
        if (text.length() > MOST) {
            text = text.substring(0, MOST) + "\n... (cut here; there are " + text.length() + " characters)";
        }
    }

    /** What stands in the place of evidence that could not be had. */
    public static Evidence notToBeHad(String title, Throwable reason) {
        return new Evidence(title, "could not be had: " + reason);
    }

    /** The same, without a secret. */
    public Evidence without(Secret secret) {
        String hidden = secret.reveal();
        return hidden.isEmpty() || !text.contains(hidden) ? this : new Evidence(title, text.replace(hidden, "***"));
    }

    /** The same, with a title that says where it comes from. */
    public Evidence of(String origin) {
        return new Evidence(origin + ": " + title, text);
    }
}
