package dev.isolated.spi;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Key;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the {@linkplain Base bases} that the tests of a plan start from. Stateless. */
public final class Bases {

    private Bases() {}

    /**
     * Those that a setting names, then those of the plan itself, each once and after what it builds upon.
     *
     * @param handle that of the service which they have to be bases of
     */
    public static <H> List<Base<H>> of(Class<H> handle, Key<List<String>> setting, Plan plan) {
        List<Base<H>> bases = new ArrayList<>();
        var seen = new HashSet<Class<?>>();
        plan.settings().get(setting).forEach(name -> add(named(name, setting), handle, seen, bases));
        plan.bases().forEach(type -> add(type, handle, seen, bases));
        return List.copyOf(bases);
    }

    private static <H> void add(Class<?> type, Class<H> handle, Set<Class<?>> seen, List<Base<H>> bases) {
        if (!seen.add(type)) {
            return;
        }
        Base<H> base = made(type, handle);
        base.upon().forEach(lower -> add(lower, handle, seen, bases));
        bases.add(base);
    }

    private static Class<?> named(String name, Key<?> setting) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        try {
            return Class.forName(name, true, context == null ? Bases.class.getClassLoader() : context);
        } catch (ClassNotFoundException e) {
            throw new SettingsException(
                    Explanation.couldNot("start tests from " + name)
                            .expected("a class of that name on the test class path")
                            .found("none")
                            .next("correct " + setting),
                    e);
        } catch (LinkageError e) {
            throw new SettingsException(
                    Explanation.couldNot("start tests from " + name)
                            .expected("a class that can be used")
                            .found("that it fails with " + e)
                            .next("see the cause"),
                    e);
        }
    }

    @SuppressWarnings("unchecked") // whether it is one for the service shows when it is called, and says so then
    private static <H> Base<H> made(Class<?> type, Class<H> handle) {
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Base<H>) constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw unusable(type, handle, "that it fails with " + e.getCause(), e);
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw unusable(type, handle, String.valueOf(e.getMessage()), e);
        } catch (LinkageError e) {
            throw unusable(type, handle, "that it fails with " + e, e);
        }
    }

    private static SettingsException unusable(Class<?> type, Class<?> handle, String found, Throwable cause) {
        return new SettingsException(
                Explanation.couldNot("start tests from " + type.getName())
                        .expected("a class that implements " + Base.class.getName() + "<" + handle.getSimpleName()
                                + "> and has a constructor without parameters")
                        .found(found)
                        .next("make it so; if it is nested, make it static"),
                cause);
    }
}
