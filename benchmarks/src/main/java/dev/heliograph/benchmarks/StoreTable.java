package dev.heliograph.benchmarks;

import dev.heliograph.benchmarks.StoreVariant.Layout;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The table of a variant, filled with readings of a fleet in the order in which they come: all devices instant by instant.
 * Every variant gets the same values.
 */
final class StoreTable {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final long EPOCH_2000 = 946_684_800L;
    /** 2026-03-01T00:00:00Z, the first instant. */
    private static final long START = 1_772_323_200L;

    private static final int FIELD_BYTES = 12;

    private final Connection connection;
    private final StoreVariant variant;
    private final int devices;
    private final int metrics;
    private final int seconds;

    /** @param seconds between two readings of a device */
    StoreTable(Connection connection, StoreVariant variant, int devices, int metrics, int seconds) {
        this.connection = connection;
        this.variant = variant;
        this.devices = devices;
        this.metrics = metrics;
        this.seconds = seconds;
    }

    private boolean wide() {
        return variant.layout() == Layout.WIDE;
    }

    private String columns() {
        return wide()
                ? "series, ts, received_at, "
                        + IntStream.range(0, metrics).mapToObj(m -> "m" + m).collect(Collectors.joining(", "))
                : "series, ts, received_at, value";
    }

    void create() throws SQLException {
        String values = wide()
                ? IntStream.range(0, metrics)
                        .mapToObj(m -> "m" + m + " double precision")
                        .collect(Collectors.joining(", "))
                : "value double precision NOT NULL";
        run("DROP TABLE IF EXISTS raw");
        run("CREATE TABLE raw (series integer NOT NULL, ts timestamptz NOT NULL, received_at timestamptz NOT NULL, "
                + values + ")");
        if (!variant.chunk().isEmpty()) {
            run("SELECT create_hypertable('raw', by_range('ts', interval '" + variant.chunk()
                    + "'), create_default_indexes => false)");
        }
        run("ALTER TABLE raw ADD PRIMARY KEY "
                + (variant.index() == StoreVariant.Index.TIME_SERIES ? "(ts, series)" : "(series, ts)")
                + (variant.index() == StoreVariant.Index.SERIES_TIME_FULL ? " WITH (fillfactor = 100)" : ""));
        if (variant.columnstore()) {
            // As the schema does it.
            run("ALTER TABLE raw SET (timescaledb.compress, timescaledb.compress_segmentby = 'series', "
                    + "timescaledb.compress_orderby = 'ts DESC')");
        }
        switch (variant.index()) {
            case SERIES_TIME_BRIN -> run("CREATE INDEX ON raw USING brin (ts)");
            case SERIES_TIME_BTREE -> run("CREATE INDEX ON raw (ts DESC)");
            default -> {}
        }
        run("DROP TABLE IF EXISTS staging");
        run("CREATE TEMPORARY TABLE staging (LIKE raw INCLUDING DEFAULTS) ON COMMIT DELETE ROWS");
    }

    /** Stores the readings of all devices of some instants, one transaction. */
    void store(long from, long to) throws SQLException {
        switch (variant.insert()) {
            case COPY -> copy("raw", from, to);
            case STAGING -> {
                connection.setAutoCommit(false);
                copy("staging", from, to);
                run("INSERT INTO raw (" + columns() + ") SELECT " + columns() + " FROM staging ON CONFLICT DO NOTHING");
                connection.commit();
                connection.setAutoCommit(true);
            }
            case UNNEST -> unnest(from, to);
            case BATCH -> batch(from, to);
        }
    }

    /** What is done when all is stored: nothing, or every chunk goes to the columnstore. */
    void settle() throws SQLException {
        if (variant.columnstore()) {
            run("SELECT compress_chunk(chunk) FROM show_chunks('raw') AS chunk");
        }
    }

    private int rowsOfAnInstant() {
        return wide() ? devices : devices * metrics;
    }

    private int values() {
        return wide() ? metrics : 1;
    }

    private void copy(String table, long from, long to) throws SQLException {
        int rows = Math.toIntExact((to - from) * rowsOfAnInstant());
        ByteBuffer data = ByteBuffer.allocate(64 + rows * (2 + 8 + 2 * FIELD_BYTES + values() * FIELD_BYTES));
        data.put(SIGNATURE).putInt(0).putInt(0);
        for (long n = from; n < to; n++) {
            long micros = micros(n);
            for (int series = 0; series < rowsOfAnInstant(); series++) {
                data.putShort((short) (3 + values())).putInt(4).putInt(series);
                data.putInt(8).putLong(micros).putInt(8).putLong(micros);
                for (int value = 0; value < values(); value++) {
                    data.putInt(8).putDouble(value(n, series, value));
                }
            }
        }
        data.putShort((short) -1);
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + table + " (" + columns() + ") FROM STDIN (FORMAT binary)");
        copy.writeToCopy(data.array(), 0, data.position());
        copy.endCopy();
    }

    private long micros(long instant) {
        return (START - EPOCH_2000 + instant * seconds) * 1_000_000;
    }

    // Steps of a hundredth, as sensors have them.
    private static double value(long instant, int series, int value) {
        return Math.rint(2_000 + 500 * Math.sin(instant / 900.0 + series + value)) / 100;
    }

    private void unnest(long from, long to) throws SQLException {
        int rows = Math.toIntExact((to - from) * rowsOfAnInstant());
        int[] series = new int[rows];
        long[] times = new long[rows];
        double[][] columns = new double[values()][rows];
        int row = 0;
        for (long n = from; n < to; n++) {
            for (int one = 0; one < rowsOfAnInstant(); one++, row++) {
                series[row] = one;
                times[row] = micros(n);
                for (int value = 0; value < values(); value++) {
                    columns[value][row] = value(n, one, value);
                }
            }
        }
        String time = "timestamptz '2000-01-01Z' + t * interval '1 microsecond'";
        String names = IntStream.range(0, values()).mapToObj(v -> "v" + v).collect(Collectors.joining(", "));
        String places =
                IntStream.range(0, values()).mapToObj(v -> "?::float8[]").collect(Collectors.joining(", "));
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO raw (" + columns() + ") SELECT s, "
                + time + ", "
                + time + ", " + names + " FROM unnest(?::int[], ?::bigint[], " + places + ") AS u (s, t, " + names
                + ") ON CONFLICT DO NOTHING")) {
            insert.setObject(1, series);
            insert.setObject(2, times);
            for (int value = 0; value < values(); value++) {
                insert.setObject(3 + value, columns[value]);
            }
            insert.executeUpdate();
        }
    }

    private void batch(long from, long to) throws SQLException {
        String places = IntStream.range(0, values()).mapToObj(v -> "?").collect(Collectors.joining(", "));
        String time = "timestamptz '2000-01-01Z' + ? * interval '1 microsecond'";
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO raw (" + columns() + ") VALUES (?, "
                + time + ", " + time + ", " + places + ") ON CONFLICT DO NOTHING")) {
            for (long n = from; n < to; n++) {
                for (int series = 0; series < rowsOfAnInstant(); series++) {
                    insert.setInt(1, series);
                    insert.setLong(2, micros(n));
                    insert.setLong(3, micros(n));
                    for (int value = 0; value < values(); value++) {
                        insert.setDouble(4 + value, value(n, series, value));
                    }
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** The number of rows, for a check. */
    long rows() throws SQLException {
        return number("SELECT count(*) FROM raw");
    }

    long expectedRows(long instants) {
        return instants * rowsOfAnInstant();
    }

    /** Bytes with indexes. */
    long bytes() throws SQLException {
        return number(
                variant.chunk().isEmpty() ? "SELECT pg_total_relation_size('raw')" : "SELECT hypertable_size('raw')");
    }

    /** One series over a part of the instants. */
    String seriesQuery(int device, long from, long to) {
        return "SELECT ts, " + (wide() ? "m0" : "value") + " FROM raw WHERE series = "
                + (wide() ? device : device * metrics) + between(from, to) + " ORDER BY ts";
    }

    /** The newest row of one series. */
    String newestQuery(int device) {
        return "SELECT ts, " + (wide() ? "m0" : "value") + " FROM raw WHERE series = "
                + (wide() ? device : device * metrics) + " ORDER BY ts DESC LIMIT 1";
    }

    /** The mean of one metric of all devices over a part of the instants. */
    String fleetQuery(long from, long to) {
        return "SELECT avg(" + (wide() ? "m0" : "value") + ") FROM raw WHERE "
                + (wide() ? "true" : "series % " + metrics + " = 0") + between(from, to);
    }

    private String between(long from, long to) {
        return " AND ts >= to_timestamp(" + (START + from * seconds) + ") AND ts < to_timestamp("
                + (START + to * seconds) + ")";
    }

    /** How long a query takes until its last row is here, in nanoseconds. */
    long time(String query) throws SQLException {
        long start = System.nanoTime();
        try (Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            while (rows.next()) {
                rows.getObject(1);
            }
        }
        return System.nanoTime() - start;
    }

    private long number(String query) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    void run(String statement) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
