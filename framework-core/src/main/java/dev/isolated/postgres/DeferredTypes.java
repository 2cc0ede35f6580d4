package dev.isolated.postgres;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;
import org.postgresql.core.TypeInfo;

/**
 * pgjdbc's table of types, filled when somebody asks for one: that takes as long as half of all else of a connection, and most
 * connections of a test never ask. What is added before is added then. Thread-safe.
 */
final class DeferredTypes implements InvocationHandler {

    private static final String ADD = "add";
    private static final String NUMBER = "getPGType";

    /** Those that a connection asks for while it is made, which have the same number on every server. */
    private static final Map<Object, Integer> NUMBERS = Map.of("box", Oid.BOX, "point", Oid.POINT);

    /** Something to be added. */
    private interface Addition {
        void to(TypeInfo table) throws ReflectiveOperationException;
    }

    private final Supplier<TypeInfo> table;
    private final List<Addition> additions = new ArrayList<>();
    private volatile @Nullable TypeInfo filled;

    DeferredTypes(Supplier<TypeInfo> table) {
        this.table = table;
    }

    /** For the connection itself, which only adds to it as long as it is made. */
    TypeInfo proxy() {
        return (TypeInfo)
                Proxy.newProxyInstance(TypeInfo.class.getClassLoader(), new Class<?>[] {TypeInfo.class}, this);
    }

    /** The driver's own. */
    TypeInfo filled() {
        TypeInfo known = filled;
        return known == null ? fill() : known;
    }

    private synchronized TypeInfo fill() {
        TypeInfo known = filled;
        if (known == null) {
            known = table.get();
            addTo(known);
            filled = known;
        }
        return known;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments) throws Throwable {
        if (method.getName().startsWith(ADD) && added(table -> method.invoke(table, arguments))) {
            return null;
        }
        if (filled == null && method.getName().equals(NUMBER) && NUMBERS.containsKey(arguments[0])) {
            return NUMBERS.get(arguments[0]);
        }
        try {
            return method.invoke(filled(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private synchronized boolean added(Addition addition) {
        return filled == null && additions.add(addition);
    }

    private void addTo(TypeInfo known) {
        try {
            for (Addition addition : additions) {
                addition.to(known);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the driver refuses a type that its connection has been told of", e);
        }
    }
}
