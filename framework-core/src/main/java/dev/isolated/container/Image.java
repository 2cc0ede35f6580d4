package dev.isolated.container;

import java.util.List;

/**
 * An image that the engine has. Immutable.
 *
 * @param name as it is to be told to people
 * @param id of its content
 * @param command what a container of it runs, entry point first
 */
record Image(String name, String id, List<String> command) {}
