package dev.isolated.postgres;

/** What a statement does with advisory locks, of which the server knows only one session. */
enum Locking {
    NONE,
    /** It asks for some that end with the transaction, or gives some back. */
    USES,
    /** It asks for some that stay with the connection. */
    HOLDS;

    /** That of a statement which mentions them, perhaps in a string only. */
    static Locking of(String sql) {
        var reader = new SqlReader(sql);
        Locking most = NONE;
        while (!reader.atEnd()) {
            if (!reader.atWord()) {
                reader.skipToken();
                continue;
            }
            String word = reader.word();
            reader.skipStringOf(word);
            Locking found = ofFunction(word);
            most = found.compareTo(most) > 0 ? found : most;
        }
        return most;
    }

    private static Locking ofFunction(String word) {
        if (!word.startsWith("PG_ADVISORY_") && !word.startsWith("PG_TRY_ADVISORY_")) {
            return NONE;
        }
        return word.contains("_XACT_") || word.contains("_UNLOCK") ? USES : HOLDS;
    }
}
