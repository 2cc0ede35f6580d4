package dev.isolated.redis;

import dev.isolated.settings.Secret;
import java.util.List;

/** The commands about tests' users on one server. Immutable. */
record Users(RedisAdmin admin, Rules rules) {

    /** Makes a slice's users. */
    void make(Place place, Secret password, Secret kept) {
        admin.await(
                        "make the users of database " + place.database(),
                        admin.send(List.of(user(place.user(), password, place), user(place.keeper(), kept, place))))
                .forEach(Reply::require);
    }

    /** The command that cuts off all clients of a user. */
    List<String> cuttingOff(String user) {
        return List.of("CLIENT", "KILL", "USER", user);
    }

    /** The command that removes a slice's users, which cuts their clients off, too. */
    List<String> removing(Place place) {
        return List.of("ACL", "DELUSER", place.user(), place.keeper());
    }

    private List<String> user(String name, Secret password, Place place) {
        return rules.user(name, Password.rule(password), place.database());
    }
}
