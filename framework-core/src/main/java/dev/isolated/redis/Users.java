package dev.isolated.redis;

import dev.isolated.settings.Secret;
import java.util.List;

/** The commands about tests' users on one server. Immutable. */
record Users(RedisAdmin admin, Rules rules) {

    /** Makes a slice's user. */
    void make(Place place, Secret password) {
        admin.await("make the user of database " + place.database(), admin.send(List.of(making(place, password))))
                .get(0)
                .require();
    }

    /** The command that gives a user its rights, and another password. */
    List<String> making(Place place, Secret password) {
        return rules.user(place.user(), Password.rule(password), place.database());
    }

    /** The command that cuts off all of a user's clients. */
    List<String> cuttingOff(Place place) {
        return List.of("CLIENT", "KILL", "USER", place.user());
    }

    /** The command that removes a user, which cuts its clients off, too. */
    List<String> removing(Place place) {
        return List.of("ACL", "DELUSER", place.user());
    }
}
