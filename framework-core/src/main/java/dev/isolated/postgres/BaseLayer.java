package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.SettingsException;
import dev.isolated.spi.Base;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a {@link Base} prepares, which is code of the user's. */
record BaseLayer(Base<Postgres> base) implements Layer {

    /** A base and those that it extends, each once and after what it builds upon. */
    static void add(Class<?> type, Set<Class<?>> seen, List<Layer> layers) {
        if (!seen.add(type)) {
            return;
        }
        Base<Postgres> base = made(type);
        base.upon().forEach(lower -> add(lower, seen, layers));
        layers.add(new BaseLayer(base));
    }

    /** The base of that name. */
    static Class<?> named(String name) {
        try {
            return Class.forName(name, true, Resources.loader());
        } catch (ClassNotFoundException e) {
            throw new SettingsException(
                    Explanation.couldNot("start tests from " + name)
                            .expected("a class of that name on the test class path")
                            .found("none")
                            .next("correct " + PostgresKeys.BASES),
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

    @SuppressWarnings("unchecked") // whether it is one for Postgres shows when it is called, and says so then
    private static Base<Postgres> made(Class<?> type) {
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Base<Postgres>) constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw unusable(type, "that it fails with " + e.getCause(), e);
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw unusable(type, String.valueOf(e.getMessage()), e);
        } catch (LinkageError e) {
            throw unusable(type, "that it fails with " + e, e);
        }
    }

    private static SettingsException unusable(Class<?> type, String found, Throwable cause) {
        return new SettingsException(
                Explanation.couldNot("start tests from " + type.getName())
                        .expected("a class that implements " + Base.class.getName()
                                + "<Postgres> and has a constructor without parameters")
                        .found(found)
                        .next("make it so; if it is nested, make it static"),
                cause);
    }

    @Override
    public String describe() {
        return "the base " + base.getClass().getName();
    }

    /** Its code, that of the classes nested with it, and that of those that it extends. */
    @Override
    public String fingerprint() {
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> type = base.getClass(); type.getClassLoader() != null; type = type.getSuperclass()) {
            types.addAll(Arrays.asList(type.getNestMembers()));
        }
        return describe() + " " + base.version() + "\n"
                + types.stream()
                        .distinct()
                        .sorted(Comparator.comparing(Class::getName))
                        .map(BaseLayer::code)
                        .collect(Collectors.joining("\n"));
    }

    private static String code(Class<?> type) {
        String file = type.getName().substring(type.getPackageName().length()).replaceFirst("^\\.", "") + ".class";
        try (InputStream in = type.getResourceAsStream(file)) {
            return type.getName() + " " + (in == null ? "without code" : Resources.digest(in.readAllBytes()));
        } catch (IOException e) {
            throw new IsolationException(
                    Explanation.couldNot("read the code of " + type.getName())
                            .found(String.valueOf(e.getMessage()))
                            .next("see the cause"),
                    e);
        }
    }

    @Override
    public void apply(Building building) {
        try {
            base.prepare(building.handle());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception | AssertionError | LinkageError e) {
            throw new IsolationException(
                    Explanation.couldNot("prepare " + describe())
                            .found(e instanceof Error ? e.toString() : String.valueOf(e.getMessage()))
                            .next("see the cause"),
                    e);
        }
    }
}
