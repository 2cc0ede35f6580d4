package dev.isolated.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One environment for all tests of a class, from before {@code @BeforeAll} until after {@code @AfterAll}: what one test
 * leaves there the next one finds. Nested classes share it unless they have one of their own.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(IsolatedEnvironmentExtension.class)
public @interface SharedEnvironment {}
