/** A small shop's orders, over plain JDBC. Start with {@link dev.isolated.examples.orders.Orders}. */
@NullMarked
package dev.isolated.examples.orders;

import org.jspecify.annotations.NullMarked;
