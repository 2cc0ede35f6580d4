package dev.isolated.compatibility.boot;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

/** What Spring Data implements. */
interface Entries extends JpaRepository<Entry, Long> {

    List<Entry> findByTextStartingWithOrderByText(String start);
}
