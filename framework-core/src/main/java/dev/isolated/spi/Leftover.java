package dev.isolated.spi;

/** Something that an owner which no longer lives has left on a server. */
public interface Leftover {

    /** What it is and whose it was. */
    String describe();

    /** Removes it; removing what is already gone is no failure. */
    void remove();

    /** One that is removed by a task. */
    static Leftover of(String description, Runnable removal) {
        return new Leftover() {
            @Override
            public String describe() {
                return description;
            }

            @Override
            public void remove() {
                removal.run();
            }
        };
    }
}
