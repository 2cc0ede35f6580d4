package dev.isolated.clickhouse;

import dev.isolated.error.IsolationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables, views and dictionaries of one database whose names begin in one way. Immutable. */
record Tables(ClickHouseAdmin admin, String database, String beginning) {

    /** Drops them all; some can be dropped only when others, which use them, have been. */
    void drop() {
        List<String> left = remaining();
        while (!left.isEmpty()) {
            IsolationException refusal = dropped(left);
            List<String> now = remaining();
            if (refusal != null && now.size() >= left.size()) {
                throw refusal;
            }
            left = now;
        }
    }

    private @Nullable IsolationException dropped(List<String> names) {
        IsolationException refusal = null;
        for (String row : names) {
            int space = row.indexOf(' ');
            String kind = row.substring(0, space);
            String name = row.substring(space + 1);
            try {
                admin.run(
                        "drop " + Quoted.readable(name),
                        "DROP " + kind + " IF EXISTS " + Quoted.name(database) + "." + Quoted.name(name) + " SYNC");
            } catch (IsolationException e) {
                refusal = e;
            }
        }
        return refusal;
    }

    /** What each is, and its name. */
    private List<String> remaining() {
        return admin.names(
                "see the tables " + beginning + "* in " + database,
                "if(engine = 'Dictionary', 'DICTIONARY ', 'TABLE ') || name",
                "FROM system.tables WHERE database = "
                        + Quoted.text(database) + " AND NOT is_temporary AND startsWith(name, "
                        + Quoted.text(beginning) + ") ORDER BY engine LIKE '%View' DESC");
    }
}
