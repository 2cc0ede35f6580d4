package dev.isolated.contract;

import dev.isolated.spi.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a test receives of the in-memory service. Thread-safe. */
public final class InMemory {

    private final InMemorySlice slice;
    private final Tenant tenant;
    private final List<String> open = new ArrayList<>();

    InMemory(InMemorySlice slice, Tenant tenant) {
        this.slice = slice;
        this.tenant = tenant;
    }

    /** Writes an entry; fails on a key that is there. */
    public void put(String key, String value) {
        slice.write(tenant, data -> {
            if (data.putIfAbsent(key, value) != null) {
                throw new IllegalStateException("duplicate key " + key);
            }
        });
    }

    public Map<String, String> read() {
        return slice.read(tenant);
    }

    public void clear() {
        slice.write(tenant, Map::clear);
    }

    /** Does what no reset can undo. */
    public void damage() {
        slice.damage(tenant);
    }

    /** Opens a client, to be closed before the test ends. */
    public Probe.Client client(String name) {
        tenant.verify();
        synchronized (open) {
            open.add(name);
        }
        return new Probe.Client() {
            @Override
            public void put(String key, String value) {
                InMemory.this.put(key, value);
            }

            @Override
            public void close() {
                synchronized (open) {
                    open.remove(name);
                }
            }
        };
    }

    /** The slice's name. */
    public String name() {
        return slice.describe();
    }

    void reportOpenClients() {
        synchronized (open) {
            open.forEach(name -> tenant.report("the client " + name));
        }
    }
}
