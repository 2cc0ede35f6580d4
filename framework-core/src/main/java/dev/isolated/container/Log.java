package dev.isolated.container;

/** The logger of this package, made when there is something to log: making it takes longer than some starts. */
final class Log {

    static final System.Logger LOGGER = System.getLogger("dev.isolated.container");

    private Log() {}
}
