package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** An SQL script on the class path. */
record ScriptLayer(String resource, String text) implements Layer {

    static ScriptLayer of(String resource) {
        try (InputStream in = Resources.loader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new SettingsException(Explanation.couldNot("run the script " + resource)
                        .expected("a resource of that name on the test class path")
                        .found("none")
                        .next("correct " + PostgresKeys.SCRIPTS));
            }
            return new ScriptLayer(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new SettingsException(
                    Explanation.couldNot("read the script " + resource)
                            .found(String.valueOf(e.getMessage()))
                            .next("check the resource"),
                    e);
        }
    }

    @Override
    public String describe() {
        return "the script " + resource;
    }

    @Override
    public String fingerprint() {
        return "script " + resource + "\n" + text;
    }

    @Override
    public void apply(Building building) {
        building.asOwner(text);
    }
}
