package dev.isolated.redis;

import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.protocol.PushHandler;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whom to tell what a server says unasked: on a connection that may neither subscribe nor track, nothing ever. Thread-safe. */
final class NoPushes implements PushHandler {

    private final List<PushListener> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void addListener(PushListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(PushListener listener) {
        listeners.remove(listener);
    }

    @Override
    public Collection<PushListener> getPushListeners() {
        return listeners;
    }
}
