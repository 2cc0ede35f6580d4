package dev.isolated.junit;

import dev.isolated.spi.Base;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Asks for something of the test's own environment: on a field, or on a parameter of a common type such as
 * {@code DataSource} or {@code Connection}. Parameters of a service's own type, such as {@code Postgres}, need no
 * annotation.
 *
 * <p>On a test method or a class it says how the services that its tests ask for are isolated, and what they start from.
 * The nearest annotation that says so counts: of the parameter or field, the method, the class, the classes around it.
 */
@Documented
@Inherited
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Isolated {

    /**
     * On a common type: the service that it is to come from, where several could provide it. On an
     * {@code IsolatedEnvironment}: the services that it is to hold. On a method or class: the services of which it
     * speaks; where none is named, those that have such a mode or can start from such a base.
     */
    Class<?>[] value() default {};

    /** The isolation mode, such as {@code "DATABASE"}; empty for what the nearest other annotation or the settings say. */
    String mode() default "";

    /** What the service starts from, prepared in this order; empty for what the nearest other annotation says. */
    Class<? extends Base<?>>[] base() default {};
}
