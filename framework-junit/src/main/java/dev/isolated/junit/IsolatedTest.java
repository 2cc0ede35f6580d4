package dev.isolated.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test in an environment of its own: {@code @Test} and the extension in one word.
 *
 * <p>The extension is there for this method and what runs around it, not for the class. A constructor, a
 * {@code @BeforeAll} method, or a {@code @BeforeEach} method that also runs for a plain {@code @Test} cannot have
 * parameters from it: there, put {@code @ExtendWith(IsolatedEnvironmentExtension.class)} on the class and use
 * {@code @Test}, or {@link SharedEnvironment} for what runs once.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(IsolatedEnvironmentExtension.class)
public @interface IsolatedTest {}
