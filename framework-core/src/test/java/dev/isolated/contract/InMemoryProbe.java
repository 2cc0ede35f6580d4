package dev.isolated.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.error.LeaseEndedException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Uses the in-memory service as tests would. Thread-safe. */
final class InMemoryProbe implements Probe<InMemory> {

    private final InMemoryService service;

    InMemoryProbe(InMemoryService service) {
        this.service = service;
    }

    @Override
    public void put(InMemory handle, String key, String value) {
        handle.put(key, value);
    }

    @Override
    public Map<String, String> read(InMemory handle) {
        return handle.read();
    }

    @Override
    public Client client(InMemory handle) {
        return handle.client("leaked");
    }

    @Override
    public List<Mischief<InMemory>> mischief() {
        return List.of(
                Mischief.again("writing a lot", InMemoryProbe::flood),
                Mischief.again("clearing everything", InMemory::clear),
                Mischief.again(
                        "leaving a client open",
                        handle -> handle.client("abandoned").put("by a client", "value")),
                Mischief.again("a thread that goes on writing", InMemoryProbe::writeForEver),
                Mischief.fatal("damage beyond repair", InMemory::damage));
    }

    @Override
    public void crash(String run) {
        service.crash(run);
    }

    private static void flood(InMemory handle) {
        for (int i = 0; i < 1_000; i++) {
            handle.put("key " + i, "value");
        }
        assertThat(handle.read()).hasSizeGreaterThanOrEqualTo(1_000);
    }

    /** Ends when the lease does. */
    private static void writeForEver(InMemory handle) {
        var begun = new CompletableFuture<Boolean>();
        var writer = new Thread(
                () -> {
                    try {
                        for (int i = 0; ; i++) {
                            handle.put("late " + i, "value");
                            begun.complete(true);
                        }
                    } catch (LeaseEndedException e) {
                        begun.complete(false);
                    }
                },
                "late-writer");
        writer.setDaemon(true);
        writer.start();
        assertThat(begun.join()).isTrue();
    }
}
