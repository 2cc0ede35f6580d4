package dev.isolated.postgres;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of a text, beside transaction control, outlives its statements in a way that the sandbox has to know of; found by
 * a {@link TraitsReader}. Immutable.
 *
 * @param verb its first word, where that matters; else empty
 * @param changes the parameters that it sets
 * @param deferrable whether it may make constraints that can wait for a commit
 * @param isolation the isolation level that it asks for, if any
 * @param locking what it does with advisory locks
 * @param numbering what it does with sequences
 * @param temporary the temporary tables that it makes and a commit unmakes
 * @param prepares the name of the statement that it prepares; empty where it prepares none
 * @param refusal why it cannot be represented; empty where it can
 */
record Traits(
        String verb,
        List<ParameterChange> changes,
        boolean deferrable,
        @Nullable Isolation isolation,
        Locking locking,
        Numbering numbering,
        List<TemporaryTable> temporary,
        String prepares,
        String refusal) {

    /** In the place of a verb: says whether a transaction is read-only. */
    static final String ACCESS = "READ";

    /** In the place of a verb: makes something temporary. */
    static final String TEMPORARY = "TEMPORARY";

    /** In the place of a verb: makes a function that makes temporary tables which a commit drops or empties. */
    static final String FUNCTION = "CREATE FUNCTION";

    static final String DISCARD_ALL = "DISCARD ALL";
    static final String DEALLOCATE_ALL = "DEALLOCATE ALL";
    static final String DISCARD_TEMPORARY = "DISCARD TEMP";
    static final String DISCARD_SEQUENCES = "DISCARD SEQUENCES";
    static final String RESET_ALL = "RESET ALL";

    static final Traits NONE = new Traits("", List.of(), false, null, Locking.NONE, Numbering.NONE, List.of(), "", "");

    /** Those of one statement. */
    static Traits of(String sql) {
        return new TraitsReader(sql).read();
    }

    /** Those of several statements in one text. */
    static Traits together(Stream<Traits> statements) {
        return statements.reduce(NONE, Traits::and);
    }

    @SuppressWarnings("ReferenceEquality")
    boolean none() {
        // Asked at every step of a statement; whatever makes traits gives this one where there are none.
        return this == NONE;
    }

    /** The same, which is {@link #NONE} where it says nothing. */
    Traits orNone() {
        return equals(NONE) ? NONE : this;
    }

    /** Whether it asks for more than {@code most}. */
    boolean asksAbove(Isolation most) {
        return isolation != null && isolation.above(most);
    }

    /** Whether it is about this transaction's isolation level, and not about the default of those to come. */
    boolean setsIsolation() {
        return isolation != null && changes.isEmpty();
    }

    /** Whether the driver sends data after it. */
    boolean takesData() {
        return verb.equals("COPY");
    }

    /** Whether it asks for the isolation level. */
    boolean asksForIsolation() {
        return verb.equals("SHOW");
    }

    /** Whether the connection's temporary tables are to go. */
    boolean discardsTemporary() {
        return verb.equals(DISCARD_ALL) || verb.equals(DISCARD_TEMPORARY);
    }

    /** Whether the connection's prepared statements are to go. */
    boolean deallocatesAll() {
        return verb.equals(DISCARD_ALL) || verb.equals(DEALLOCATE_ALL);
    }

    /** Whether it must not be taken together with statements beside it: something else may be done in its place. */
    boolean standsAlone() {
        return asksForIsolation()
                || discardsTemporary()
                || verb.equals(RESET_ALL)
                || verb.equals(DISCARD_SEQUENCES)
                || verb.equals(FUNCTION)
                || numbering == Numbering.RECALLS
                || !prepares.isEmpty();
    }

    /** The same with what a {@code Bind} message says, whose parameters begin at {@code at}. */
    Traits bound(byte[] bytes, int at) {
        if (changes.stream().allMatch(ParameterChange::resolved)) {
            return this;
        }
        List<ParameterChange> bound = changes.stream()
                .map(change -> change.with(bytes, at))
                .filter(ParameterChange::kept)
                .toList();
        return new Traits(verb, bound, deferrable, isolation, locking, numbering, temporary, prepares, refusal)
                .orNone();
    }

    private Traits and(Traits other) {
        return new Traits(
                        verb.isEmpty() ? other.verb : verb,
                        Stream.concat(changes.stream(), other.changes.stream()).toList(),
                        deferrable || other.deferrable,
                        isolation == null ? other.isolation : isolation,
                        locking.compareTo(other.locking) < 0 ? other.locking : locking,
                        numbering.compareTo(other.numbering) < 0 ? other.numbering : numbering,
                        Stream.concat(temporary.stream(), other.temporary.stream())
                                .toList(),
                        prepares.isEmpty() ? other.prepares : prepares,
                        refusal.isEmpty() ? other.refusal : refusal)
                .orNone();
    }
}
