package dev.isolated.embedded.front;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The formats whose pieces can be put together again: the engine begins each piece as if it were the first. Stateless. */
final class Formats {

    private static final Map<String, Head> STREAMABLE = Map.ofEntries(
            Map.entry("rowbinary", Head.NONE),
            Map.entry("rowbinarywithnames", Head.NAMES),
            Map.entry("rowbinarywithnamesandtypes", Head.NAMES_AND_TYPES),
            Map.entry("native", Head.NONE),
            Map.entry("tabseparated", Head.NONE),
            Map.entry("tsv", Head.NONE),
            Map.entry("tabseparatedraw", Head.NONE),
            Map.entry("tsvraw", Head.NONE),
            Map.entry("tabseparatedwithnames", Head.ONE_LINE),
            Map.entry("tsvwithnames", Head.ONE_LINE),
            Map.entry("tabseparatedwithnamesandtypes", Head.TWO_LINES),
            Map.entry("tsvwithnamesandtypes", Head.TWO_LINES),
            Map.entry("csv", Head.NONE),
            Map.entry("jsoneachrow", Head.NONE),
            Map.entry("ndjson", Head.NONE),
            Map.entry("jsonlines", Head.NONE),
            Map.entry("jsoncompacteachrow", Head.NONE),
            Map.entry("jsonstringseachrow", Head.NONE));

    /** With what a piece begins that the whole has but once. */
    private enum Head {
        NONE,
        NAMES,
        NAMES_AND_TYPES,
        ONE_LINE,
        TWO_LINES
    }

    private static final List<String> BINARY =
            List.of("rowbinary", "native", "parquet", "arrow", "orc", "avro", "msgpack", "protobuf");

    private static final int LONGEST_HEAD = 1 << 20;

    private Formats() {}

    static boolean streamable(String format) {
        return STREAMABLE.containsKey(format.toLowerCase(Locale.ROOT));
    }

    /** As ClickHouse calls it. */
    static String contentType(String format) {
        String lower = format.toLowerCase(Locale.ROOT);
        if (lower.startsWith("json") && !lower.contains("eachrow") && !lower.startsWith("jsonlines")) {
            return "application/json; charset=UTF-8";
        }
        if (lower.contains("eachrow") || lower.equals("ndjson") || lower.equals("jsonlines")) {
            return "application/x-ndjson; charset=UTF-8";
        }
        if (lower.startsWith("tsv") || lower.startsWith("tabseparated")) {
            return "text/tab-separated-values; charset=UTF-8";
        }
        if (lower.startsWith("csv")) {
            return lower.endsWith("withnames")
                    ? "text/csv; charset=UTF-8; header=present"
                    : "text/csv; charset=UTF-8; header=absent";
        }
        return BINARY.stream().anyMatch(lower::startsWith) ? "application/octet-stream" : "text/plain; charset=UTF-8";
    }

    /** How many bytes of a piece are the head. */
    static int head(String format, Result piece) {
        return piece.isEmpty() ? 0 : head(format, piece.beginning(LONGEST_HEAD));
    }

    private static int head(String format, byte[] piece) {
        return switch (STREAMABLE.getOrDefault(format.toLowerCase(Locale.ROOT), Head.NONE)) {
            case NONE -> 0;
            case NAMES -> names(piece, 1);
            case NAMES_AND_TYPES -> names(piece, 2);
            case ONE_LINE -> lines(piece, 1);
            case TWO_LINES -> lines(piece, 2);
        };
    }

    /** A number of columns, and so many strings as many times. */
    private static int names(byte[] piece, int times) {
        var at = new int[1];
        long strings = number(piece, at) * times;
        for (long i = 0; i < strings; i++) {
            long length = number(piece, at);
            at[0] += Math.toIntExact(length);
        }
        return at[0];
    }

    private static long number(byte[] piece, int[] at) {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = piece[at[0]++];
            number |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return number;
            }
        }
    }

    private static int lines(byte[] piece, int lines) {
        String text = new String(piece, StandardCharsets.ISO_8859_1);
        int at = 0;
        for (int i = 0; i < lines; i++) {
            at = text.indexOf('\n', at) + 1;
        }
        return at;
    }
}
