package dev.isolated.clickhouse;

/** Names and texts as SQL writes them down. Stateless. */
final class Quoted {

    private Quoted() {}

    static String name(String name) {
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
    }

    /** As a message says it. */
    static String readable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    static String text(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
