package dev.isolated.redis;

/**
 * What is a slice's on the server. Immutable.
 *
 * @param owner as whose the number is registered
 * @param user whom its tests log in as
 */
record Place(int database, String owner, String user) {}
