package dev.isolated.spi;

import java.util.List;

/**
 * What sources that know no service by name must know of one, to find a server of it or to start one. Immutable.
 *
 * @param port where servers of it usually listen
 * @param testPort where they listen by the convention of {@code TEST_<SERVICE>_HOST}
 * @param user the administrator's usual name
 * @param image the container image
 * @param passwordVariable the environment variable by which the image is told the administrator's password
 * @param environment other variables that the image is told, as {@code NAME=value}
 * @param arguments what the image's own command is called with
 * @param scratch the directory in the container where data is kept, for a file system in memory
 */
public record Blueprint(
        int port,
        int testPort,
        String user,
        String image,
        String passwordVariable,
        List<String> environment,
        List<String> arguments,
        String scratch) {}
