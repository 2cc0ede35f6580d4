package dev.isolated.contract;

import java.util.List;
import java.util.Map;

/**
 * How the contract uses a service, the way tests would. Thread-safe.
 *
 * @param <H> the handle that a test receives
 */
public interface Probe<H> {

    /** Writes an entry; fails where the slice already has one with that key. */
    void put(H handle, String key, String value) throws Exception;

    /** All entries of the slice. */
    Map<String, String> read(H handle) throws Exception;

    /** Opens a client as code under test does, before a test that forgets about it. */
    Client client(H handle) throws Exception;

    /** What tests do to a slice, each as bad as the service allows. */
    List<Mischief<H>> mischief();

    /** Ends the liveness of a run as {@code kill -9} would: what it has on the server stays there. */
    void crash(String run) throws Exception;

    /** Something that the code under test keeps open. */
    interface Client {

        /** Writes an entry, as {@link Probe#put} does. */
        void put(String key, String value) throws Exception;

        void close() throws Exception;
    }
}
