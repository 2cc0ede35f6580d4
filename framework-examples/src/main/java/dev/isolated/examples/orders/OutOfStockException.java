package dev.isolated.examples.orders;

/** An order asked for more of an article than there is. */
public final class OutOfStockException extends Exception {

    private static final long serialVersionUID = 1L;

    OutOfStockException(String sku, Throwable cause) {
        super("not enough of " + sku + " in stock", cause);
    }
}
