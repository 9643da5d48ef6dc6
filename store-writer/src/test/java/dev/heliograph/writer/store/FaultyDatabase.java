package dev.heliograph.writer.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Random;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database behind a bad line: calls fail at random points of a fixed seed, before they are made or after, a commit
 * among them, so that the caller cannot know whether it happened.
 */
public final class FaultyDatabase {
    private static final Set<String> POINTS =
            Set.of("getConnection", "prepareStatement", "executeQuery", "executeUpdate", "unwrap", "commit");

    private final DataSource real;
    private final Random random;
    private final double probability;
    private int faults;
    private boolean quiet;

    public FaultyDatabase(DataSource real, long seed, double probability) {
        this.real = real;
        this.random = new Random(seed);
        this.probability = probability;
    }

    /** Number of faults so far. */
    public int faults() {
        return faults;
    }

    /** From now on nothing fails. */
    public void heal() {
        quiet = true;
    }

    /** What the store is given. */
    public DataSource asDataSource() {
        return proxy(DataSource.class, real, null);
    }

    private <T> T proxy(Class<T> type, T target, @Nullable Connection connection) {
        InvocationHandler handler = (self, method, arguments) -> call(target, connection, method, arguments);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private @Nullable Object call(
            Object target, @Nullable Connection connection, Method method, Object @Nullable [] arguments)
            throws Throwable {
        boolean point = POINTS.contains(method.getName());
        if (point && strikes()) {
            throw fault(target, connection);
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
        if (point && method.getName().equals("commit") && strikes()) {
            throw fault(target, connection);
        }
        // Whoever unwraps a connection wants what is behind the line.
        if (result instanceof Connection opened && !method.getName().equals("unwrap")) {
            return proxy(Connection.class, opened, opened);
        }
        if (result instanceof PreparedStatement prepared) {
            return proxy(PreparedStatement.class, prepared, connection);
        }
        return result;
    }

    private boolean strikes() {
        return !quiet && random.nextDouble() < probability;
    }

    private SQLException fault(Object target, @Nullable Connection connection) throws SQLException {
        faults++;
        Connection open = target instanceof Connection itself ? itself : connection;
        if (open != null && random.nextBoolean()) {
            return new SQLException("injected: could not serialize access", "40001");
        }
        if (open != null) {
            open.close();
        }
        return new SQLException("injected: connection lost", "08006");
    }
}
