package dev.isolated.postgres;

import dev.isolated.spi.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open transaction whose connection lets another one of its thread go first. Immutable.
 *
 * @param standing how the physical transaction stood
 * @param xids the transaction ids that the server listed
 * @param since the first id of which it, or one beneath it, has written; empty where there is none
 * @param cursors those that were open
 * @param place where another connection took over
 * @param outer what was watched on behalf of transactions beneath it
 * @param whileParked sees whether others lock or change what it has read; null where it has stayed beneath, or failed
 */
record Suspended(
        Session session,
        Standing standing,
        List<String> xids,
        String since,
        List<String> cursors,
        Origin place,
        @Nullable Watch outer,
        @Nullable Watch whileParked) {

    /** What its connection has said in it. */
    Block block() {
        return session.block();
    }
}
