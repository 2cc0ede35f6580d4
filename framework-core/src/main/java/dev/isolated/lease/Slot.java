package dev.isolated.lease;

import dev.isolated.spi.Slice;

/** A slice and where it stands. */
record Slot<H>(Slice<H> slice, LeaseLife life) {

    static <H> Slot<H> ready(Slice<H> slice) {
        var life = new LeaseLife();
        life.move(0, LeaseState.CREATING, LeaseState.READY);
        return new Slot<>(slice, life);
    }

    /** Takes a step that nobody else can be taking at the same time. */
    void step(LeaseState from, LeaseState to) {
        if (!life.move(life.generation(), from, to)) {
            throw new IllegalStateException(slice.describe() + " is " + life + " and cannot become " + to);
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
