package dev.isolated.postgres;

import dev.isolated.postgres.Standing.Effect;
import java.util.List;

/**
 * One answer that is still to come: to a message of the application, or to one that the sandbox put between. Immutable.
 *
 * @param kind which message is answered
 * @param hidden whether the application's driver does not get to see it
 * @param effects what its success does to the standing
 * @param tag the command tag that the driver sees in place of the server's; empty for the server's own
 * @param start how many characters the application has sent in front of what is answered
 * @param done what else follows from its success
 */
record Expected(Kind kind, boolean hidden, List<Effect> effects, String tag, int start, Runnable done) {

    static final Runnable NOTHING = () -> {};
    static final Expected PARSE = visible(Kind.PARSE);
    static final Expected BIND = visible(Kind.BIND);
    static final Expected DESCRIBE = visible(Kind.DESCRIBE);
    static final Expected CLOSE = visible(Kind.CLOSE);
    static final Expected SYNC = visible(Kind.SYNC);
    static final Expected PROBE = new Expected(Kind.PROBE, true, List.of(), "");
    static final Expected FUNCTION = visible(Kind.FUNCTION);
    static final Expected HIDDEN_PARSE = new Expected(Kind.PARSE, true, List.of(), "");
    static final Expected HIDDEN_BIND = new Expected(Kind.BIND, true, List.of(), "");
    static final Expected HIDDEN_EXECUTE = new Expected(Kind.EXECUTE, true, List.of(), "");
    static final Expected UNIT_OPENED = new Expected(Kind.SYNTHETIC, true, List.of(Effect.UNIT_OPENED), "");
    static final Expected READY = visible(Kind.READY);
    static final Expected HIDDEN_CLOSE = new Expected(Kind.CLOSE, true, List.of(), "");

    Expected(Kind kind, boolean hidden, List<Effect> effects, String tag) {
        this(kind, hidden, effects, tag, 0, NOTHING);
    }

    enum Kind {
        PARSE,
        BIND,
        DESCRIBE,
        EXECUTE,
        CLOSE,
        SYNC,
        QUERY,
        /** A simple query after which comes more of what the application has sent as one. */
        PART,
        /** One that asks whether a text is well-formed, and fails either way. */
        PROBE,
        /** The sandbox's own behind a simple query, which is complete when this one is. */
        TAIL,
        FUNCTION,
        /** Answered by the sandbox itself, when its turn in the order comes. */
        SYNTHETIC,
        /** The end of an exchange that travels with the next: for the driver the server is ready, the server knows of none. */
        READY;

        /** Whether the server ends it with {@code ReadyForQuery}, also after an error. */
        boolean endsReady() {
            return switch (this) {
                case SYNC, QUERY, PART, PROBE, TAIL, FUNCTION -> true;
                case PARSE, BIND, DESCRIBE, EXECUTE, CLOSE, SYNTHETIC, READY -> false;
            };
        }
    }

    private static Expected visible(Kind kind) {
        return new Expected(kind, false, List.of(), "");
    }

    /** The completion of a command of the sandbox's own. */
    static Expected hidden(Command command) {
        return new Expected(Kind.EXECUTE, true, List.of(command.effect()), "");
    }

    /** Something of the sandbox's own, said in the extended protocol. */
    static Expected hidden(Interjection aside) {
        return new Expected(
                aside.sql().isEmpty() ? Kind.SYNTHETIC : Kind.EXECUTE, true, aside.effects(), "", 0, aside.done());
    }

    /** A simple query of the sandbox's own. */
    static Expected hiddenQuery(Kind kind, List<Interjection> asides) {
        List<Effect> effects =
                asides.stream().flatMap(aside -> aside.effects().stream()).toList();
        return new Expected(kind, true, effects, "", 0, all(asides));
    }

    /** What follows from the success of them all. */
    static Runnable all(List<Interjection> asides) {
        return () -> asides.forEach(aside -> aside.done().run());
    }

    /** A simple query of the application's, or a part of one. */
    static Expected statement(boolean part, Effect effect, String tag) {
        return new Expected(part ? Kind.PART : Kind.QUERY, false, List.of(effect), tag);
    }

    /** One that stands for what the application has asked for. */
    static Expected statement(boolean part, List<Interjection> asides, String tag) {
        Expected hidden = hiddenQuery(part ? Kind.PART : Kind.QUERY, asides);
        return new Expected(hidden.kind, false, hidden.effects, tag, 0, hidden.done);
    }

    /** The completion of something that stands for what the application has asked for. */
    static Expected execution(Effect effect, String tag) {
        return new Expected(Kind.EXECUTE, false, List.of(effect), tag);
    }

    /** A completion without the server. */
    static Expected synthetic(Effect effect, String tag) {
        return new Expected(Kind.SYNTHETIC, false, List.of(effect), tag);
    }

    /** The same to a statement before which there are others in the same text. */
    Expected startingAt(int characters) {
        return new Expected(kind, hidden, effects, tag, characters, done);
    }

    /** The same, with something more that follows from its success. */
    Expected then(Runnable next) {
        return next == NOTHING ? this : new Expected(kind, hidden, effects, tag, start, both(done, next));
    }

    /** One after the other; nothing where both are. */
    static Runnable both(Runnable one, Runnable other) {
        if (one == NOTHING) {
            return other;
        }
        if (other == NOTHING) {
            return one;
        }
        return () -> {
            one.run();
            other.run();
        };
    }

    /** Whether the answer stands for something else than what the application has sent. */
    boolean replaced() {
        return !tag.isEmpty();
    }
}
