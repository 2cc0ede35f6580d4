package dev.isolated.compatibility.boot;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

/** What is written into the diary. Not thread-safe. */
@Entity
class Entry {

    @Id
    @GeneratedValue
    Long id;

    @Column(unique = true)
    String text;

    Entry() {}

    Entry(String text) {
        this.text = text;
    }
}
