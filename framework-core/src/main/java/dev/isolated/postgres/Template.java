package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The database that every slice's is a copy of.
 *
 * @param grant makes a slice's role an owner of what the scripts have made; empty where there are none
 */
record Template(String database, String grant) {

    private static final Template EMPTY = new Template("template1", "");

    /** Whether it was made for this run, and goes when no slice is left that was copied from it. */
    boolean ownedByRun() {
        return !equals(EMPTY);
    }

    static Template build(Server server, Plan plan, Estate estate) {
        List<String> scripts = plan.settings().get(PostgresKeys.SCRIPTS);
        if (scripts.isEmpty()) {
            return EMPTY;
        }
        String name = "isolated_" + plan.run() + "_template";
        estate.make(name, "", EMPTY.database());
        try (PostgresAdmin inside = PostgresAdmin.connect(server, name)) {
            inside.execute("SET ROLE " + name);
            scripts.forEach(script -> inside.execute(text(script)));
        } catch (RuntimeException e) {
            estate.removeAfter(e, name);
            throw e;
        }
        return new Template(name, " IN ROLE " + name);
    }

    /** What a script of the settings says. */
    static String text(String script) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream in = (loader == null ? Template.class.getClassLoader() : loader).getResourceAsStream(script)) {
            if (in == null) {
                throw new SettingsException(Explanation.couldNot("run the script " + script)
                        .expected("a resource of that name on the test class path")
                        .found("none")
                        .next("correct " + PostgresKeys.SCRIPTS));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SettingsException(
                    Explanation.couldNot("read the script " + script)
                            .found(String.valueOf(e.getMessage()))
                            .next("check the resource"),
                    e);
        }
    }
}
