package dev.heliograph.storage;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Databases for tests: an embedded PostgreSQL that the test JVM shares, and the TimescaleDB that the build was handed by
 * the system property {@code heliograph.test.timescale.url} (a JDBC URL of a superuser), if any.
 */
public final class TestDatabase {
    static final String TIMESCALE_URL = "heliograph.test.timescale.url";
    private static final String COMPRESS = """
            SELECT compress_chunk(chunk)
              FROM timescaledb_information.hypertables AS h, show_chunks(format('%I.%I', h.hypertable_schema, h.hypertable_name)) AS chunk
             WHERE h.compression_enabled
            """;
    // What a chunk's own table holds is beside the columnstore; ONLY that is counted.
    private static final String BESIDE = """
            SELECT (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM ONLY %I.%I', chunk_schema, chunk_name),
                                                        false, true, '')))[1]::text::bigint
              FROM timescaledb_information.chunks WHERE hypertable_name = ?
            """;
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final String QUERY_PASSWORD = "query-role-of-tests";

    private TestDatabase() {}

    /** A fresh, migrated database on embedded PostgreSQL. */
    public static DataSource postgres() {
        return create((PGSimpleDataSource) Embedded.SERVER.getPostgresDatabase(), " TEMPLATE " + Embedded.TEMPLATE);
    }

    /** A fresh database on embedded PostgreSQL with nothing in it. */
    static DataSource empty() {
        return create((PGSimpleDataSource) Embedded.SERVER.getPostgresDatabase(), "");
    }

    /** A fresh, migrated database on TimescaleDB; empty where the build was handed none. */
    public static Optional<DataSource> timescale() {
        // Not from a template: TimescaleDB's workers connect to it, and a template must have no connections.
        Optional<DataSource> database = emptyTimescale();
        database.ifPresent(DatabaseSchema::migrate);
        return database;
    }

    /** The same where that TimescaleDB is the edition with the columnstore; empty otherwise. */
    public static Optional<DataSource> columnstore() {
        return hasColumnstore() ? timescale() : Optional.empty();
    }

    /** Whether the build was handed a TimescaleDB of the edition with the columnstore. */
    public static boolean hasColumnstore() {
        return Edition.HAS_COLUMNSTORE;
    }

    /** Moves every row that is there into the columnstore, as the policy does it with old ones. */
    public static void moveToColumnstore(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet chunks = statement.executeQuery(COMPRESS)) {
            while (chunks.next()) {
                // each is compressed when its row is read
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot move rows to the columnstore", failure);
        }
    }

    /** How many rows of a hypertable are not in the columnstore. */
    public static long rowsBesideTheColumnstore(DataSource database, String table) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(BESIDE)) {
            statement.setString(1, table);
            long rows = 0;
            try (ResultSet counts = statement.executeQuery()) {
                while (counts.next()) {
                    rows += counts.getLong(1);
                }
            }
            return rows;
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot count rows beside the columnstore", failure);
        }
    }

    /** A fresh database on TimescaleDB with nothing in it; empty where the build was handed none. */
    static Optional<DataSource> emptyTimescale() {
        String url = System.getProperty(TIMESCALE_URL, "");
        if (url.isBlank()) {
            return Optional.empty();
        }
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setUrl(url);
        createQueryRole(server);
        return Optional.of(create(server, ""));
    }

    /** The same database for the role of the query API, behind the wall between tenants. */
    public static DataSource asQueryRole(DataSource database) {
        PGSimpleDataSource same = (PGSimpleDataSource) database;
        PGSimpleDataSource query = new PGSimpleDataSource();
        query.setUrl(same.getUrl());
        query.setUser(TenantWall.QUERY_ROLE);
        query.setPassword(QUERY_PASSWORD);
        return query;
    }

    private static void createQueryRole(DataSource server) {
        try {
            TenantWall.createQueryRole(server, QUERY_PASSWORD);
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot make the role of the query API", failure);
        }
    }

    private static PGSimpleDataSource create(PGSimpleDataSource server, String options) {
        String name = "heliograph_test_" + ProcessHandle.current().pid() + "_" + NEXT.incrementAndGet();
        try (Connection connection = server.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + options);
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot create the test database " + name, failure);
        }
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(server.getUrl());
        database.setDatabaseName(name);
        database.setUser(server.getUser());
        database.setPassword(server.getPassword());
        return database;
    }

    /** Found out once. */
    private static final class Edition {
        static final boolean HAS_COLUMNSTORE =
                emptyTimescale().map(Edition::hasColumnstore).orElse(false);

        private static boolean hasColumnstore(DataSource database) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE EXTENSION IF NOT EXISTS timescaledb");
                return Timescale.of(connection) == Timescale.COMMUNITY;
            } catch (SQLException failure) {
                throw new IllegalStateException("cannot tell the edition of TimescaleDB", failure);
            }
        }
    }

    /** Started with the first test that asks for it; ends with the JVM. */
    private static final class Embedded {
        static final EmbeddedPostgres SERVER = start();
        /** A migrated database that the others are copies of: a copy takes a tenth of the time. */
        static final String TEMPLATE = template();

        private static String template() {
            createQueryRole(SERVER.getPostgresDatabase());
            PGSimpleDataSource database = create((PGSimpleDataSource) SERVER.getPostgresDatabase(), "");
            DatabaseSchema.migrate(database);
            return String.valueOf(database.getDatabaseName());
        }

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .start();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
