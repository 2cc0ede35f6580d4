package dev.isolated.redis;

/** Where a test's Redis is, and as whom it is used; nothing secret. Immutable. */
record Target(String host, int port, String user, int database) {}
