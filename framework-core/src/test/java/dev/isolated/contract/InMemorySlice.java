package dev.isolated.contract;

import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A named map of the in-memory server. Thread-safe: a write of a late client comes before the reset or fails. */
final class InMemorySlice implements Slice<InMemory> {

    private final String name;
    private final Runnable removal;
    private final Map<String, String> data = new HashMap<>();
    private @Nullable InMemory handle;
    private boolean damaged;

    InMemorySlice(String name, Runnable removal) {
        this.name = name;
        this.removal = removal;
    }

    @Override
    public synchronized InMemory handOut(Tenant tenant) {
        var handed = new InMemory(this, tenant);
        handle = handed;
        return handed;
    }

    @Override
    public synchronized void reset() {
        if (handle != null) {
            handle.reportOpenClients();
            handle = null;
        }
        if (damaged) {
            throw new IllegalStateException(name + " is damaged");
        }
        data.clear();
    }

    @Override
    public void awaitReset() {
        // It was done at once.
    }

    @Override
    public void destroy() {
        removal.run();
    }

    @Override
    public String describe() {
        return name;
    }

    synchronized void write(Tenant tenant, Consumer<Map<String, String>> change) {
        tenant.verify();
        change.accept(data);
    }

    synchronized Map<String, String> read(Tenant tenant) {
        tenant.verify();
        return Map.copyOf(data);
    }

    synchronized void damage(Tenant tenant) {
        tenant.verify();
        damaged = true;
    }
}
