package org.mybatis;

import dev.isolated.spi.Origin;

/** Stands in a stack where a mapper of databases would: by its package it is one. */
public final class Library {

    private Library() {}

    public static Origin origin() {
        return new Origin();
    }
}
