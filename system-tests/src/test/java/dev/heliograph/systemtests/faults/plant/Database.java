package dev.heliograph.systemtests.faults.plant;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The database of the installation. */
public interface Database extends AutoCloseable {
    /** Where it listens on the loopback interface; a server that was started again may listen elsewhere. */
    int port();

    /** Name of the database that the services use. */
    String name();

    String username();

    String password();

    /** Whether the suite started the server and may therefore kill it. */
    boolean isOurs();

    /** SIGKILL for the server and all of its processes. */
    void kill();

    /** Starts the server again; it recovers by itself. */
    void restart();

    /** Whether the server that was started is still there. */
    boolean isAlive();

    /**
     * Starts a second server that follows this one; returns when it does.
     *
     * @param synchronous whether a commit waits until it is on both disks
     */
    void addStandby(boolean synchronous);

    /** Holds back what the second server would get: from now on it is behind. */
    void holdReplication();

    /** SIGKILL for the server; the second one takes its place with what it has got, and may listen elsewhere. */
    void failOver();

    /** From now on it takes encrypted connections too, with what these files hold now. */
    default void encrypt(Path certificate, Path key) {
        try (Connection connection = connect(name());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET ssl_cert_file = '" + certificate + "'");
            statement.execute("ALTER SYSTEM SET ssl_key_file = '" + key + "'");
            statement.execute("ALTER SYSTEM SET ssl = 'on'");
            statement.execute("SELECT pg_reload_conf()");
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot encrypt connections to the database", failure);
        }
    }

    /** The way for a service, by the host and port of a proxy. */
    default String jdbcUrl(String host, int port) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name();
    }

    /** A connection of the suite's own, past every proxy. */
    default Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port() + "/" + database, username(), password());
    }

    /** Whether it is a TimescaleDB of the edition that compresses old chunks. */
    default boolean hasColumnstore() {
        try (Connection connection = connect(name());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('timescaledb.license', true)")) {
            return row.next() && "timescale".equals(row.getString(1));
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot tell the edition of TimescaleDB", failure);
        }
    }

    @Override
    void close();
}
