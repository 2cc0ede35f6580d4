package dev.isolated.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks for something of the test's own environment: on a field, or on a parameter of a common type such as
 * {@code DataSource} or {@code Connection}. Parameters of a service's own type, such as {@code Postgres}, need no
 * annotation.
 */
@Documented
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
public @interface Isolated {

    /**
     * On a common type: the service that it is to come from, where several could provide it. On an
     * {@code IsolatedEnvironment}: the services that it is to hold.
     */
    Class<?>[] value() default {};
}
