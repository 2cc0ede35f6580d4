package dev.isolated.embedded.front;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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

    private static final int LONGEST_HEAD = 1 << 20;

    private Formats() {}

    static boolean streamable(String format) {
        return STREAMABLE.containsKey(format.toLowerCase(Locale.ROOT));
    }

    /** What each format is to HTTP, as the engine has it; names in small letters. */
    static Map<String, String> contentTypes(EngineConnection engine) throws EngineException {
        return engine.ask("SELECT lower(name), content_type FROM system.formats WHERE content_type != '' FORMAT TSVRaw")
                .lines()
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toUnmodifiableMap(it -> it[0], it -> it[1]));
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
