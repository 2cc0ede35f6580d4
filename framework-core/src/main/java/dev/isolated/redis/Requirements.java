package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What a server must be for its databases to be leased; checked before the first test. Stateless. */
final class Requirements {

    private static final Pattern VERSION = Pattern.compile("(?m)^redis_version:(\\d+)\\.(\\d+)\\.(\\d+)");

    /** In older ones a script can change the functions that all others use (CVE-2022-24735). */
    private static final int[] OLDEST = {6, 2, 7};

    private static final Pattern LIMITED = Pattern.compile("(?m)^maxmemory:[1-9]");
    private static final Pattern EVICTS = Pattern.compile("(?m)^maxmemory_policy:(?!noeviction)(\\S+)");

    /** What is used only later, in a form that does nothing: whoever may use it is told of an error, or of nothing. */
    private static final List<List<String>> USED_LATER = List.of(
            List.of("FLUSHDB", "NOTHING"),
            List.of("CLIENT", "KILL", "USER", "isolated_nobody"),
            List.of("SCRIPT", "EXISTS", "0"));

    private Requirements() {}

    static void check(RedisAdmin admin) {
        String info = admin.ask("ask " + admin.server().describe() + " what it is", "INFO")
                .text();
        if (tooOld(info)) {
            throw unfit(
                    admin,
                    "version 6.2.7 or newer, whose users and scripts can be confined",
                    "another",
                    "use a newer server");
        }
        if (info.contains("cluster_enabled:1")) {
            throw unfit(
                    admin,
                    "several databases",
                    "a node of a cluster, which has one",
                    "use a server that is no cluster, or unset isolated.redis.host for one of this library's");
        }
        if (info.contains("role:slave")) {
            throw unfit(admin, "a server that takes writes", "a replica", "name its primary in isolated.redis.host");
        }
        Matcher evicts = EVICTS.matcher(info);
        if (LIMITED.matcher(info).find() && evicts.find()) {
            throw unfit(
                    admin,
                    "a server that forgets nothing, for who has which database is written there",
                    "a limit of memory and the policy " + evicts.group(1),
                    "set maxmemory-policy to noeviction, or maxmemory to 0");
        }
        String rights = "find out what the administrator of " + admin.server().describe() + " may do";
        admin.await(rights, admin.send(USED_LATER)).stream()
                .filter(Reply::forbidden)
                .forEach(Reply::require);
    }

    /** Whether a server that says that of itself is older than it may be. */
    static boolean tooOld(String info) {
        Matcher version = VERSION.matcher(info);
        if (!version.find()) {
            return true;
        }
        int[] found = IntStream.rangeClosed(1, OLDEST.length)
                .map(i -> Integer.parseInt(version.group(i)))
                .toArray();
        return Arrays.compare(found, OLDEST) < 0;
    }

    private static IsolationException unfit(RedisAdmin admin, String expected, String found, String next) {
        return new IsolationException(
                Explanation.couldNot("lease databases of " + admin.server().describe())
                        .expected(expected)
                        .found(found)
                        .next(next));
    }
}
