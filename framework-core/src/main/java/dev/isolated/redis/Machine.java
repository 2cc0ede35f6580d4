package dev.isolated.redis;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine, as messages on others name it. Stateless. */
final class Machine {

    private Machine() {}

    static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "this machine does not know its name", e);
            return "an unnamed machine";
        }
    }
}
