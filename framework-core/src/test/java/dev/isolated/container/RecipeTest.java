package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Blueprint;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeTest {

    private static final Image IMAGE = new Image("any:1", "sha256:1", List.of("entrypoint", "server"));

    @Test
    void theImagesCommandIsCalledWithTheArgumentsBelowTheGuard() throws Exception {
        Recipe recipe = recipe(IMAGE, "60", "-x");

        assertThat(recipe.command()).containsExactly("entrypoint", "server", "-x");
        assertThat(recipe.entrypoint()).startsWith("/bin/sh", "-c").endsWith("guard.sh", "60", "7000", Recipe.STOPPING);
    }

    @Test
    void thePasswordIsToldByTheEnvironmentAlone() throws Exception {
        Recipe recipe = recipe(IMAGE, Recipe.WITH_INPUT);
        String password = recipe.password().reveal();

        assertThat(recipe.environment()).containsExactly("MODE=x", "ANY_PASSWORD=" + password);
        assertThat(String.join(" ", recipe.entrypoint()) + recipe.command() + recipe)
                .doesNotContain(password);
    }

    @Test
    void containersAreSharedWhereNothingButThePasswordDiffers() throws Exception {
        String fingerprint = recipe(IMAGE, "60").fingerprint("engine");

        assertThat(recipe(IMAGE, "60").fingerprint("engine")).isEqualTo(fingerprint);
        assertThat(recipe(IMAGE, "60").fingerprint("another engine")).isNotEqualTo(fingerprint);
        assertThat(recipe(IMAGE, "61").fingerprint("engine")).isNotEqualTo(fingerprint);
        assertThat(recipe(IMAGE, "60", "-x").fingerprint("engine")).isNotEqualTo(fingerprint);
        var newer = new Image(IMAGE.name(), "sha256:2", IMAGE.command());
        assertThat(recipe(newer, "60").fingerprint("engine")).isNotEqualTo(fingerprint);
    }

    private static Recipe recipe(Image image, String lifetime, String... arguments) {
        var blueprint = new Blueprint(
                7000, 7001, "root", "any:1", "ANY_PASSWORD", List.of("MODE=x"), List.of(arguments), "/var/lib/any");
        return new Recipe("any", image, blueprint, Secret.random(), lifetime);
    }
}
