package dev.isolated.container;

import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Blueprint;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slices;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A service whose containers run any command. */
record Odd(Blueprint plan, UnaryOperator<Server> login) implements Service<Postgres> {

    /** Postgres as it is, with more arguments. */
    static Odd postgres(List<String> arguments) {
        Blueprint real = CiImage.SERVICE.blueprint().orElseThrow();
        return with(arguments, real.scratch());
    }

    static Odd with(List<String> arguments, String scratch) {
        return new Odd(blueprint(arguments, scratch), CiImage.SERVICE::takeOver);
    }

    static Blueprint blueprint(List<String> arguments, String scratch) {
        Blueprint real = CiImage.SERVICE.blueprint().orElseThrow();
        return new Blueprint(
                real.port(),
                real.testPort(),
                real.user(),
                real.image(),
                real.passwordVariable(),
                real.environment(),
                arguments,
                scratch);
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public Class<Postgres> handle() {
        return Postgres.class;
    }

    @Override
    public List<String> modes() {
        return List.of("TRANSACTION");
    }

    @Override
    public Optional<Blueprint> blueprint() {
        return Optional.of(plan);
    }

    @Override
    public Server takeOver(Server started) {
        return login.apply(started);
    }

    @Override
    public Slices<Postgres> connect(Server server, Plan plan) {
        return CiImage.SERVICE.connect(server, plan);
    }
}
