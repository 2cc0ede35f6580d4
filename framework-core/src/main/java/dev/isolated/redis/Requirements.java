package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server must be for its databases to be leased; checked before the first test. Stateless. */
final class Requirements {

    private static final Pattern VERSION = Pattern.compile("(?m)^redis_version:(\\d+)\\.(\\d+)");
    private static final int MAJOR = 6;
    private static final int MINOR = 2;

    private Requirements() {}

    static void check(RedisAdmin admin) {
        String info = admin.ask("ask " + admin.server().describe() + " what it is", "INFO")
                .text();
        Matcher version = VERSION.matcher(info);
        if (!version.find() || older(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2)))) {
            throw unfit(admin, "version 6.2 or newer, whose users can be confined", "another", "use a newer server");
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
    }

    private static boolean older(int major, int minor) {
        return major < MAJOR || (major == MAJOR && minor < MINOR);
    }

    private static IsolationException unfit(RedisAdmin admin, String expected, String found, String next) {
        return new IsolationException(
                Explanation.couldNot("lease databases of " + admin.server().describe())
                        .expected(expected)
                        .found(found)
                        .next(next));
    }
}
