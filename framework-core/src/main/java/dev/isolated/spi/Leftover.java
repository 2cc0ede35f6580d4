package dev.isolated.spi;

import java.util.function.BooleanSupplier;

/** Something that an owner which no longer lives has left on a server. */
public interface Leftover {

    /** What it is and whose it was. */
    String describe();

    /**
     * Removes it; removing what is already gone is no failure.
     *
     * @return whether it is this caller's doing that it is gone
     */
    boolean remove();

    /** One that is removed by a task. */
    static Leftover of(String description, Runnable removal) {
        return contested(description, () -> {
            removal.run();
            return true;
        });
    }

    /** One that another owner may be the first to remove: the task says whether it has done so. */
    static Leftover contested(String description, BooleanSupplier removal) {
        return new Leftover() {
            @Override
            public String describe() {
                return description;
            }

            @Override
            public boolean remove() {
                return removal.getAsBoolean();
            }
        };
    }
}
