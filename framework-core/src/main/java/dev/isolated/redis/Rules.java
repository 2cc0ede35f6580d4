package dev.isolated.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * What a test's user may do: everything that stays within one database. Immutable.
 *
 * @param known the rules that this server's version understands, beside those that all versions do
 */
record Rules(List<String> known) {

    /**
     * Out goes what acts on the server or on other databases. {@code CLIENT}, {@code SCRIPT} and {@code FUNCTION} reach
     * other tests' connections and scripts; {@code COPY} can name another database, and rules cannot look at that.
     */
    private static final List<String> EVERYWHERE = List.of(
            "+@all",
            "-@admin",
            "-@dangerous",
            "-select",
            "-swapdb",
            "-move",
            "-copy",
            "-client",
            "-script",
            "-pubsub",
            "-acl",
            "+flushdb",
            "+keys",
            "+info",
            "+sort",
            "+restore",
            "+role",
            "+script|load",
            "+script|exists",
            "+client|id",
            "+client|getname",
            "+client|setname",
            "+client|info",
            "+client|reply",
            "+acl|whoami");

    private static final List<String> SOMEWHERE =
            List.of("+sort_ro", "+client|setinfo", "-function", "-fcall", "-fcall_ro");

    private static final String PROBE = "isolated_probe_";

    /** The rules for a server, which is asked what it understands. */
    static Rules of(RedisAdmin admin, String run) {
        String task = "find out which access rules " + admin.server().describe() + " understands";
        String user = PROBE + run;
        var known = new ArrayList<String>();
        var probes = new ArrayList<List<String>>();
        SOMEWHERE.forEach(rule -> probes.add(List.of("ACL", "SETUSER", user, rule)));
        probes.add(List.of("ACL", "DELUSER", user));
        List<Reply> replies = admin.await(task, admin.send(probes));
        replies.get(SOMEWHERE.size()).require();
        for (int i = 0; i < SOMEWHERE.size(); i++) {
            if (replies.get(i).failure() == null) {
                known.add(SOMEWHERE.get(i));
            }
        }
        return new Rules(List.copyOf(known));
    }

    /** What lets a user into a database. */
    static String right(int database) {
        return "+select|" + database;
    }

    /** The command that makes a user, or makes it anew. */
    List<String> user(String name, String password, int database) {
        var line = new ArrayList<>(List.of("ACL", "SETUSER", name, "reset", "on", password, "~*", "resetchannels"));
        line.addAll(EVERYWHERE);
        line.addAll(known);
        line.add(right(database));
        return line;
    }
}
