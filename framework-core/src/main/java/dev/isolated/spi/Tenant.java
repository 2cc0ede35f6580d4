package dev.isolated.spi;

import dev.isolated.error.Explanation;
import dev.isolated.error.LeaseEndedException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who holds a slice, as the handle sees it: a test, until its lease ends. Thread-safe. */
public final class Tenant {

    private final String name;
    private final List<String> findings = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    public Tenant(String name) {
        this.name = name;
    }

    /** The test's name. */
    public String name() {
        return name;
    }

    public boolean ended() {
        return ended;
    }

    /** Ends the tenancy; every handle given to this tenant is dead from now on. */
    public void end() {
        ended = true;
    }

    /** Fails where the tenancy has ended; handles call it first. */
    public void verify() {
        if (ended) {
            throw new LeaseEndedException(whatEnded());
        }
    }

    /** What a late user of a handle is told. */
    public Explanation whatEnded() {
        return Explanation.couldNot("use a handle that belonged to " + name)
                .expected("it to be used before that test ended")
                .found("the test has ended and its data is gone")
                .next("stop or await the threads, pools and clients that the test started before it returns");
    }

    /** Notes something that the tenant should know when the lease ends, such as a connection left open. */
    public void report(String finding) {
        findings.add(finding);
    }

    public List<String> findings() {
        return List.copyOf(findings);
    }
}
