package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Base;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What a {@link Base} prepares, which is code of the user's. */
record BaseLayer(Base<Postgres> base) implements Layer {

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
