package dev.isolated.postgres;

/**
 * A database that one test at a time has to itself. Immutable.
 *
 * @param pristine what it looked like before anybody could log in
 */
record Clone(Login login, Imprint pristine) {

    String name() {
        return login.database();
    }
}
