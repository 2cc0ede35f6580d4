package dev.isolated.compatibility.boot;

import org.springframework.transaction.annotation.Transactional;

/** A service with declared transactions. Thread-safe. */
class Diary {

    private final Entries entries;

    Diary(Entries entries) {
        this.entries = entries;
    }

    @Transactional
    public void write(String... texts) {
        for (String text : texts) {
            entries.saveAndFlush(new Entry(text));
        }
    }
}
