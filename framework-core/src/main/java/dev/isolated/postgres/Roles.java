package dev.isolated.postgres;

/**
 * How the roles of a run's slices are made. Immutable.
 *
 * @param foreign whether the administrator may be somebody who can only work with what is made by roles that it belongs to
 */
record Roles(String run, boolean foreign) {

    /** What a role's comment begins with; the run follows. A role without it is not ours, whatever its name. */
    static final String MARK = "slice of dev.isolated, run ";

    /** The statements that make a role, all of them or none. */
    String create(String name, String options) {
        return "CREATE ROLE " + name + options + "; COMMENT ON ROLE " + name + " IS '" + MARK + run + "'"
                + (foreign ? "; GRANT " + name + " TO CURRENT_USER" : "");
    }
}
