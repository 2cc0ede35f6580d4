package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.Explanation;
import dev.isolated.error.ServiceUnavailableException;
import dev.isolated.settings.Keys;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ModifierSupport;
import org.opentest4j.TestAbortedException;

/**
 * Gives each test an environment of its own and injects what the test asks for: services and
 * {@link IsolatedEnvironment} as parameters, and common types and fields that carry {@link Isolated}. Has no state; what
 * belongs to a test lives in JUnit's store and ends with it.
 */
public final class IsolatedEnvironmentExtension
        implements BeforeAllCallback,
                TestInstancePreConstructCallback,
                BeforeEachCallback,
                ParameterResolver,
                AfterTestExecutionCallback,
                InvocationInterceptor {

    private final Map<String, String> declared;

    /** With the settings that the run has. */
    public IsolatedEnvironmentExtension() {
        this(Map.of());
    }

    private IsolatedEnvironmentExtension(Map<String, String> declared) {
        this.declared = Map.copyOf(declared);
    }

    /** For {@code @RegisterExtension}, with settings that are stronger than all others. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        requirePreparedBefore(context);
        enter(context);
        Wishes.staticFields(testClass).forEach(field -> inject(field, Optional.empty(), context));
    }

    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        // Here, and not when a parameter is resolved, because there JUnit would turn a skipped test into a failed one.
        enter(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        enter(context);
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            Wishes.instanceFields(instance.getClass()).forEach(field -> inject(field, Optional.of(instance), context));
        }
    }

    /** Before {@code @AfterEach} methods change what the test has left. */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getExecutionException().ifPresent(failure -> look(context, failure));
    }

    /** JUnit does not tell a factory's context of the failures of its tests. */
    @Override
    public void interceptDynamicTest(
            Invocation<@Nullable Void> invocation, DynamicTestInvocationContext test, ExtensionContext context)
            throws Throwable {
        try {
            invocation.proceed();
        } catch (Throwable failure) {
            look(context, failure);
            throw failure;
        }
    }

    /** Opens the environment that a context has, if any, and notes that the context is in it until its end. */
    private void enter(ExtensionContext context) {
        Home.of(context).ifPresent(home -> {
            IsolatedEnvironment environment = environment(context);
            context.getStore(Run.NAMESPACE)
                    .getOrComputeIfAbsent(
                            "visit of " + context.getUniqueId(),
                            key -> Visit.begin(context, home, environment),
                            Visit.class);
        });
    }

    /** A class that shares an environment must not prepare anything there when tests have begun to rewind it. */
    private static void requirePreparedBefore(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        Home.shared(context)
                .filter(home -> home.rewinds() && !home.context().equals(context))
                .flatMap(home ->
                        AnnotationSupport.findAnnotatedMethods(
                                        testClass, BeforeAll.class, HierarchyTraversalMode.TOP_DOWN)
                                .stream()
                                .findFirst())
                .ifPresent(method -> {
                    throw new ExtensionConfigurationException(Explanation.couldNot("run " + method)
                            .expected("an environment that is rewound after each test to be prepared before the first")
                            .found("a nested class that prepares more in the environment of the class around it")
                            .next("annotate " + testClass.getName()
                                    + " with @SharedEnvironment(rewind = true) as well, or" + " use @BeforeEach")
                            .toString());
                });
    }

    private static void look(ExtensionContext context, Throwable failure) {
        Home.around(context)
                .ifPresent(home ->
                        opened(home).ifPresent(environment -> new Aftermath(context, home, environment).of(failure)));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return Wish.of(parameter.getParameter()).ours(run(context).catalog());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var wish = Wish.of(parameter.getParameter());
        requireHome(wish, context);
        return grant(wish, context);
    }

    private void inject(Field field, Optional<Object> instance, ExtensionContext context) {
        var wish = Wish.of(field);
        requireHome(wish, context);
        if (ModifierSupport.isFinal(field)) {
            throw new ExtensionConfigurationException(Explanation.couldNot("inject " + wish.where())
                    .expected("a field that can be set")
                    .found("a final one")
                    .next("remove final")
                    .toString());
        }
        if (instance.isPresent()) {
            requireOwner(wish, context);
        }
        try {
            field.setAccessible(true);
            field.set(instance.orElse(null), grant(wish, context));
        } catch (IllegalAccessException e) {
            throw new ExtensionConfigurationException(
                    Explanation.couldNot("inject " + wish.where())
                            .found(String.valueOf(e.getMessage()))
                            .toString(),
                    e);
        }
    }

    /** A field of one instance that concurrent tests use must not be another one for each of them. */
    private void requireOwner(Wish wish, ExtensionContext context) {
        boolean concurrentInstance = context.getTestInstanceLifecycle()
                        .filter(Lifecycle.PER_CLASS::equals)
                        .isPresent()
                && context.getExecutionMode() == ExecutionMode.CONCURRENT;
        boolean madeForEach = AutoCloseable.class.isAssignableFrom(wish.type())
                && wish.view(run(context).catalog());
        if (concurrentInstance && (madeForEach || Home.shared(context).isEmpty())) {
            throw new ExtensionConfigurationException(Explanation.couldNot("inject " + wish.where())
                    .expected("an instance for each test, or tests that run one after another")
                    .found("one instance (PER_CLASS) whose tests run concurrently")
                    .next("use a parameter of the test method"
                            + (madeForEach ? "" : ", or @SharedEnvironment on the class"))
                    .toString());
        }
    }

    private Object grant(Wish wish, ExtensionContext context) {
        IsolatedEnvironment environment = environment(context);
        Catalog catalog = run(context).catalog();
        Object granted = wish.grant(catalog, Home.of(context).orElseThrow().scope(), environment);
        if (granted instanceof AutoCloseable closeable && wish.view(catalog)) {
            Granted.closeWith(context, closeable, environment.name());
        }
        return granted;
    }

    /** The environment of the test, or of the class that shares one; opened by whoever asks first. */
    private IsolatedEnvironment environment(ExtensionContext context) {
        Home home = Home.of(context).orElseThrow();
        return home.context()
                .getStore(Run.NAMESPACE)
                .getOrComputeIfAbsent(home.context().getUniqueId(), key -> open(home), IsolatedEnvironment.class);
    }

    /** The environment, if it is there. */
    private static Optional<IsolatedEnvironment> opened(Home home) {
        try {
            return Optional.ofNullable(home.context()
                    .getStore(Run.NAMESPACE)
                    .get(home.context().getUniqueId(), IsolatedEnvironment.class));
        } catch (RuntimeException e) {
            // It could not be opened; whoever asked for it has been told why.
            return Optional.empty();
        }
    }

    private IsolatedEnvironment open(Home home) {
        Run run = run(home.context());
        try {
            return run.environments().open(home.name(), home.requests(run.catalog()));
        } catch (ServiceUnavailableException e) {
            if (failsWhereMissing(run.environments().settings().get(Keys.MISSING), System.getenv("CI"))) {
                throw e;
            }
            throw new TestAbortedException(e.getMessage(), e);
        }
    }

    /** Whether a test whose service is absent fails: a build must not go green for want of its services. */
    static boolean failsWhereMissing(String setting, @Nullable String ci) {
        return switch (setting) {
            case Keys.FAIL -> true;
            case Keys.SKIP -> false;
            default -> "true".equals(ci);
        };
    }

    private Run run(ExtensionContext context) {
        return Run.of(context, declared);
    }

    private static void requireHome(Wish wish, ExtensionContext context) {
        if (Home.of(context).isEmpty()) {
            throw new ExtensionConfigurationException(Explanation.couldNot("inject " + wish.where())
                    .expected("to be inside of one test, where there is an environment")
                    .found("something that runs once for all tests of " + context.getDisplayName())
                    .next("annotate the class with @SharedEnvironment, or use @BeforeEach, an instance field or a"
                            + " parameter of the test method")
                    .toString());
        }
    }

    /** Settings for one extension. Not thread-safe. */
    public static final class Builder {

        private final Map<String, String> declared = new LinkedHashMap<>();

        private Builder() {}

        /** Sets a key, as the documentation's reference lists them. */
        public Builder set(String key, String value) {
            declared.put(key, value);
            return this;
        }

        public IsolatedEnvironmentExtension build() {
            return new IsolatedEnvironmentExtension(declared);
        }
    }
}
