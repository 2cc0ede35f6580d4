package dev.isolated.redis;

import dev.isolated.settings.Secret;
import java.util.List;

/** The commands about tests' users on one server. Immutable. */
record Users(RedisAdmin admin, Rules rules) {

    /** Makes a slice's users, whose scripts are kept from others' before they can run any. */
    void make(Place place, Secret password, Secret kept) {
        String task = "make the users of database " + place.database();
        new Interpreter(admin).seal(Clients.PATIENCE);
        List<List<String>> lines = List.of(user(place.user(), password, place), user(place.keeper(), kept, place));
        admin.await(task, admin.send(lines)).forEach(Reply::require);
    }

    /**
     * Removes who else is let into the database that is a slice's: users of whoever had it before the registry was lost, or of a
     * run that was killed when it had made them. Only for whoever is sure to have that number.
     */
    void removeStrangers(Place place) {
        String task = "remove who else is let into database " + place.database();
        Reply list = admin.ask(task, "ACL", "LIST");
        list.require();
        List<List<String>> lines = strangers(list, place).stream()
                .map(stranger -> List.of("ACL", "DELUSER", stranger))
                .toList();
        admin.await(task, admin.send(lines)).forEach(Reply::require);
    }

    private static List<String> strangers(Reply list, Place place) {
        return list.answer().stream()
                .map(line -> List.of(String.valueOf(line).split(" ")))
                .filter(words -> words.contains(Rules.right(place.database())))
                .map(words -> words.get(1))
                .filter(name -> Owner.isUser(name) && !name.equals(place.user()) && !name.equals(place.keeper()))
                .toList();
    }

    /** The command that cuts off all clients of a user. */
    List<String> cuttingOff(String user) {
        return List.of("CLIENT", "KILL", "USER", user);
    }

    /** Removes a slice's users, if they are still there. */
    void remove(Place place) {
        String task = "remove the users of database " + place.database();
        admin.await(task, admin.send(List.of(removing(place)))).forEach(Reply::require);
    }

    /** The command that removes a slice's users, which cuts their clients off, too. */
    List<String> removing(Place place) {
        return List.of("ACL", "DELUSER", place.user(), place.keeper());
    }

    private List<String> user(String name, Secret password, Place place) {
        return rules.user(name, Password.rule(password), place.database());
    }
}
