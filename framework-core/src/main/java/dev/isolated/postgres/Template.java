package dev.isolated.postgres;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The database that every slice's is a copy of. Immutable.
 *
 * @param owner the role to whom everything in it belongs; empty where there is nothing
 * @param replay what a copy does not take along, as statements in which {@link #CLONE} stands for the copy's name
 */
record Template(String database, String owner, List<String> replay) {

    static final String CLONE = "{clone}";

    /** Where nothing is asked for. */
    static final Template EMPTY = new Template("template1", "", List.of());

    /** Makes a slice's role an owner of what the template holds. */
    String grant() {
        return owner.isEmpty() ? "" : " IN ROLE " + owner;
    }

    /** What is to be run after a copy was made, each statement ended. */
    String replayOn(String clone) {
        return replay.stream()
                .map(statement -> "; " + statement.replace(CLONE, clone))
                .collect(Collectors.joining());
    }
}
