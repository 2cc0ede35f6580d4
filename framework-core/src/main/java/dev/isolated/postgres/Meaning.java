package dev.isolated.postgres;

/** What a statement means for the sandbox: now, as control of its transaction, and for what comes later. Immutable. */
record Meaning(Control control, Traits traits) {

    static final Meaning PLAIN = new Meaning(Control.PLAIN, Traits.NONE);

    /** That of one statement's text. */
    static Meaning of(String sql) {
        return new Meaning(Control.of(sql), Traits.of(sql));
    }

    /** The same with what a {@code Bind} message says, whose parameters begin at {@code at}. */
    Meaning bound(byte[] bytes, int at) {
        return traits.none() ? this : new Meaning(control, traits.bound(bytes, at));
    }
}
