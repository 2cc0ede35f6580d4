package dev.isolated.postgres;

/** What to tell about an error of the server that production would not have had. Stateless. */
final class Remedy {

    private static final String IN_TRANSACTION = "25001";
    private static final String ENDS_TRANSACTION = "2D000";
    private static final String NEW_ENUM_VALUE = "55P04";

    private Remedy() {}

    /**
     * The hint that is added; empty where the error has nothing to do with the sandbox.
     *
     * @param error the body of the server's {@code ErrorResponse}
     * @param autocommit whether it came outside of a transaction block
     */
    static String hint(byte[] bytes, int error, int end, boolean autocommit, String test) {
        String needs = test + " needs " + Instead.DATABASE + ".";
        return switch (Wire.field('C', bytes, error, end)) {
            case IN_TRANSACTION ->
                autocommit && Wire.field('W', bytes, error, end).isEmpty()
                        ? "In TRANSACTION isolation everything runs inside a transaction; " + needs
                        : "";
            case ENDS_TRANSACTION ->
                autocommit
                        ? "In TRANSACTION isolation no procedure can end its transaction; where production lets it, "
                                + needs
                        : "";
            case NEW_ENUM_VALUE ->
                "In TRANSACTION isolation the transaction that added the value is never committed; where production has"
                        + " committed it, " + needs;
            default -> "";
        };
    }
}
