package dev.isolated.compatibility;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;

/** An entity with an identity column and a foreign key. Not thread-safe. */
@Entity
class Book {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    Author author;

    String title;

    Book() {}

    Book(Author author, String title) {
        this.author = author;
        this.title = title;
    }
}
