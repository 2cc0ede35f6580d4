package dev.isolated.contract;

/**
 * Something nasty that a test does to its slice, and how the next test would notice. Immutable.
 *
 * @param fatal whether the slice cannot be reset afterwards, so that it has to be replaced
 * @param aftermath what the next test does with its own handle; fails where it finds a trace
 */
public record Mischief<H>(String name, boolean fatal, Deed<H> deed, Deed<H> aftermath) {

    /** What the next test must be able to do again, as if it were the first. */
    public static <H> Mischief<H> again(String name, Deed<H> deed) {
        return new Mischief<>(name, false, deed, deed);
    }

    /** What the next test finds no trace of. */
    public static <H> Mischief<H> of(String name, Deed<H> deed, Deed<H> aftermath) {
        return new Mischief<>(name, false, deed, aftermath);
    }

    /** What no reset can mend. */
    public static <H> Mischief<H> fatal(String name, Deed<H> deed) {
        return new Mischief<>(name, true, deed, handle -> {});
    }

    /** What is done with a handle. */
    @FunctionalInterface
    public interface Deed<H> {
        void on(H handle) throws Exception;
    }
}
