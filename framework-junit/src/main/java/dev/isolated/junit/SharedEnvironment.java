package dev.isolated.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * One environment for all tests of a class, from before {@code @BeforeAll} until after {@code @AfterAll}: what one test
 * leaves there the next one finds, unless it is {@linkplain #rewind() rewound}. Nested classes share it unless they have one of their own.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(IsolatedEnvironmentExtension.class)
@ResourceLock(providers = RewindLocks.class)
public @interface SharedEnvironment {

    /**
     * Whether each test starts from what {@code @BeforeAll} has prepared, and what it does is undone after it. The tests of
     * the class then run one after another.
     */
    boolean rewind() default false;
}
