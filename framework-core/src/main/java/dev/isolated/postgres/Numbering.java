package dev.isolated.postgres;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a statement does with sequences, whose last values the server knows for one session only. */
enum Numbering {
    NONE,
    /** It may draw from some. */
    DRAWS,
    /** It asks for what has been drawn last. */
    RECALLS;

    private static final Set<Mention> DRAWING =
            EnumSet.of(Mention.INSERT, Mention.MERGE, Mention.NEXTVAL, Mention.SETVAL);

    /** That of a statement, perhaps for what stands in a string only. */
    static Numbering of(Set<Mention> mentions) {
        if (mentions.contains(Mention.LASTVAL) || mentions.contains(Mention.CURRVAL)) {
            return RECALLS;
        }
        return Collections.disjoint(mentions, DRAWING) ? NONE : DRAWS;
    }
}
