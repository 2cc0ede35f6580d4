package dev.isolated.spi;

/** Whether a connection to a server is encrypted. */
public enum Tls {
    OFF,
    /** Encrypted, to whoever answers. */
    ON,
    /** Encrypted, to a server whose certificate is in order and in its host's name. */
    VERIFY
}
