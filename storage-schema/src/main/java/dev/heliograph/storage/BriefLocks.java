package dev.heliograph.storage;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose connections wait for a lock only so long. What a connection had before it has again when it is closed:
 * it may go back to a pool, from which others take it.
 */
final class BriefLocks {
    private static final String GET = "SELECT current_setting('lock_timeout')";
    private static final String SET = "SELECT set_config('lock_timeout', ?, false)";

    private BriefLocks() {}

    static DataSource of(DataSource database, Duration longest) {
        return proxy(DataSource.class, database, (method, arguments) -> {
            @Nullable Object result = invoke(database, method, arguments);
            return result instanceof Connection connection ? brief(connection, longest) : result;
        });
    }

    private static Connection brief(Connection connection, Duration longest) throws SQLException {
        String before;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(GET)) {
            row.next();
            before = row.getString(1);
        }
        set(connection, longest.toMillis() + "ms");
        return proxy(Connection.class, connection, (method, arguments) -> {
            if (method.getName().equals("close") && !connection.isClosed()) {
                try (connection) {
                    set(connection, before);
                }
                return null;
            }
            return invoke(connection, method, arguments);
        });
    }

    private static void set(Connection connection, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SET)) {
            statement.setString(1, value);
            statement.execute();
        }
    }

    private interface Call {
        @Nullable
        Object of(Method method, @Nullable Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T target, Call call) {
        return type.cast(Proxy.newProxyInstance(
                BriefLocks.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getDeclaringClass() == Object.class
                        ? invoke(target, method, arguments)
                        : call.of(method, arguments)));
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getTargetException();
        }
    }
}
