package dev.isolated.embedded;

import dev.isolated.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A kind of server that can be run here. Thread-safe. */
interface Engine {

    /** Why it cannot be run here, and what would help; empty where it can. */
    Optional<String> refusal(Settings settings);

    /** How it is run; whatever is to be prepared once for this machine is prepared. */
    Recipe recipe(Settings settings, Account account, Places places) throws IOException;

    /** How one is run that a test has for itself; empty where that is not to be had. */
    default Optional<Recipe> ownRecipe(Settings settings, Account account, Places places, List<String> options)
            throws IOException {
        return Optional.empty();
    }

    /** After a start that failed: removes from the cache what is damaged there, and nothing else. */
    void distrust(Places places) throws IOException;
}
