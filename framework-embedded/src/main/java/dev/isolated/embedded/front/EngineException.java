package dev.isolated.embedded.front;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the engine has refused, or the front before it, in ClickHouse's own words and with its own number. */
final class EngineException extends Exception {

    static final int CANNOT_READ_ALL_DATA = 33;
    static final int UNKNOWN_SETTING = 115;
    static final int READONLY = 164;
    static final int TIMEOUT_EXCEEDED = 159;
    static final int MEMORY_LIMIT_EXCEEDED = 241;
    static final int CANNOT_DECOMPRESS = 271;
    static final int STD_EXCEPTION = 1001;
    static final int NOT_IMPLEMENTED = 48;
    static final int SYNTAX_ERROR = 62;
    static final int SESSION_NOT_FOUND = 372;
    static final int SESSION_IS_LOCKED = 373;
    static final int SET_NON_GRANTED_ROLE = 512;
    static final int ACCESS_ENTITY_ALREADY_EXISTS = 493;
    static final int ACCESS_ENTITY_NOT_FOUND = 192;
    static final int ACCESS_STORAGE_READONLY = 495;
    static final int ACCESS_DENIED = 497;
    static final int TOO_MANY_USERS = 499;
    static final int AUTHENTICATION_FAILED = 516;

    private static final Pattern CODE = Pattern.compile("^Code: (\\d+)\\.");
    private static final int UNKNOWN = 1002;

    private final int code;

    private EngineException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** What the engine has said. */
    static EngineException said(String message) {
        Matcher matcher = CODE.matcher(message);
        return matcher.find()
                ? new EngineException(Integer.parseInt(matcher.group(1)), message)
                : new EngineException(UNKNOWN, "Code: " + UNKNOWN + ". DB::Exception: " + message);
    }

    /** What the front says in the engine's way. */
    static EngineException refused(int code, String name, String message) {
        return new EngineException(code, "Code: " + code + ". DB::Exception: " + message + " (" + name + ")");
    }

    /** What a client has sent cannot be read. */
    static EngineException unreadable(IOException cause) {
        if (cause.getCause() instanceof EngineException known) {
            return known;
        }
        var made = refused(
                CANNOT_READ_ALL_DATA, "CANNOT_READ_ALL_DATA", "the request cannot be read to its end: " + cause);
        made.initCause(cause);
        return made;
    }

    /** What the front did not expect of itself. */
    static EngineException unexpected(Throwable cause) {
        var made = refused(STD_EXCEPTION, "STD_EXCEPTION", "the front of the embedded engine failed: " + cause);
        made.initCause(cause);
        return made;
    }

    static EngineException denied(String message) {
        return refused(ACCESS_DENIED, "ACCESS_DENIED", message);
    }

    int code() {
        return code;
    }

    /** The status with which ClickHouse answers. */
    int status() {
        return switch (code) {
            case 194 -> 401;
            case 192, 193, AUTHENTICATION_FAILED, SET_NON_GRANTED_ROLE, ACCESS_DENIED -> 403;
            case 6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, SYNTAX_ERROR, 72, 117, 123, 167, 168, 223 -> 400;
            case 321, 376, 427, 441, 675, 676 -> 400;
            case 46, 47, 50, 56, 60, 63, 73, 78, 81, UNKNOWN_SETTING, 152, 336, 511 -> 404;
            case 229 -> 413;
            case NOT_IMPLEMENTED -> 501;
            case 76, 209, 439 -> 503;
            case TIMEOUT_EXCEEDED -> 408;
            case 381 -> 411;
            case 779 -> 415;
            default -> 500;
        };
    }
}
