package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Requests.Past;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Answers the one question about {@code system.query_log} that this library asks of every server; the engine has no such
 * table, but the front knows what it was asked. Stateless.
 */
final class QueryLog {

    private static final Pattern QUESTION = Pattern.compile(
            "SELECT event_time_microseconds, query_duration_ms, exception, query FROM system\\.query_log"
                    + " WHERE type != 'QueryStart' AND current_database = '(\\w+)'(?: AND position\\(query, '(\\w+)'\\) > 0)?"
                    + " ORDER BY event_time_microseconds DESC LIMIT (\\d{1,4}) FORMAT TSV");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private QueryLog() {}

    /** The rows, where that is the question. */
    static Optional<String> asked(Statement statement, Requests requests) {
        Matcher question = QUESTION.matcher(statement.text().strip());
        return question.matches()
                ? Optional.of(requests
                        .past(it -> it.database().equals(question.group(1))
                                && it.sql()
                                        .contains(Optional.ofNullable(question.group(2))
                                                .orElse("")))
                        .stream()
                        .limit(Integer.parseInt(question.group(3)))
                        .map(QueryLog::row)
                        .collect(Collectors.joining()))
                : Optional.empty();
    }

    private static String row(Past past) {
        return String.join(
                        "\t",
                        TIME.format(past.at()),
                        Long.toString(past.time().toMillis()),
                        escaped(past.failure()),
                        escaped(past.sql()))
                + "\n";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
