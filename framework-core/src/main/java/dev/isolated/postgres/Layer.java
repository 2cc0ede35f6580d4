package dev.isolated.postgres;

/** One step on the way to what tests start from, made once and then copied. Immutable. */
interface Layer {

    /** Names it in messages. */
    String describe();

    /** Changes whenever what it makes does. */
    String fingerprint();

    /** Makes it, on what the layers before it have made. */
    void apply(Building building);
}
