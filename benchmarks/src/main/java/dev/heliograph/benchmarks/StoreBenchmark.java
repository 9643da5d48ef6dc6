package dev.heliograph.benchmarks;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What ways to keep raw rows cost on a database: narrow or wide, interval of chunks, indexes, insert method. One generator
 * for all; each way is filled in a database of its own, several times over, and asked three questions.
 */
@Command(
        name = "store",
        description = "Compares ways to keep raw rows on PostgreSQL or TimescaleDB. Makes and drops the database "
                + "heliograph_store_benchmark.",
        mixinStandardHelpOptions = true)
final class StoreBenchmark implements Callable<Integer> {
    private static final String DATABASE = "heliograph_store_benchmark";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MILLION = 1e6;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(names = "--url", required = true, description = "JDBC URL of a superuser, with user and password.")
    String url = "";

    @Option(names = "--devices", defaultValue = "200", description = "Devices (${DEFAULT-VALUE}).")
    int devices = 200;

    @Option(names = "--metrics", defaultValue = "3", description = "Metrics of a reading (${DEFAULT-VALUE}).")
    int metrics = 3;

    @Option(
            names = "--seconds-between",
            defaultValue = "180",
            description = "Seconds between readings of a device (${DEFAULT-VALUE}).")
    int secondsBetween = 180;

    @Option(names = "--hours", defaultValue = "48", description = "Length of the history (${DEFAULT-VALUE}).")
    int hours = 48;

    @Option(names = "--rounds", defaultValue = "3", description = "Times that each way is filled (${DEFAULT-VALUE}).")
    int rounds = 3;

    @Option(names = "--questions", defaultValue = "31", description = "Times that each is asked (${DEFAULT-VALUE}).")
    int questions = 31;

    @Option(names = "--only", defaultValue = "", description = "Only ways whose words hold this.")
    String only = "";

    /** What one filling cost. */
    private record Round(double rowsPerSecond, double databaseSeconds, double clientSeconds, double bytes) {}

    @Override
    public Integer call() throws SQLException {
        PrintWriter out = spec.commandLine().getOut();
        try (Connection server = DriverManager.getConnection(url)) {
            execute(server, "DROP DATABASE IF EXISTS " + DATABASE);
            execute(server, "CREATE DATABASE " + DATABASE);
            try (Connection connection = DriverManager.getConnection(inDatabase(url))) {
                run(connection, out);
            } finally {
                execute(server, "DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)");
            }
        }
        return 0;
    }

    private void run(Connection connection, PrintWriter out) throws SQLException {
        boolean timescale = !text(connection, "SELECT count(*) FROM pg_available_extensions WHERE name = 'timescaledb'")
                .equals("0");
        if (timescale) {
            execute(connection, "CREATE EXTENSION IF NOT EXISTS timescaledb");
        }
        out.printf(
                Locale.ROOT,
                "%s%s, fsync %s; %,d devices, %d metrics, %d hours, a reading each %d s: %,d measurements; median of %d rounds (least to most)%n%n",
                text(connection, "SELECT 'PostgreSQL ' || current_setting('server_version')"),
                timescale
                        ? text(
                                connection,
                                "SELECT ', TimescaleDB ' || extversion FROM pg_extension WHERE extname = 'timescaledb'")
                        : "",
                text(connection, "SHOW fsync"),
                devices,
                metrics,
                hours,
                secondsBetween,
                measurements(),
                rounds);
        out.println(
                "| rows; table; index; insert | measurements/s | database core-s/M | client core-s/M | B/measurement | day of a series, ms | newest, ms | hour of the fleet, ms |");
        out.println("|---|---|---|---|---|---|---|---|");
        boolean columnstore = timescale
                && text(connection, "SELECT current_setting('timescaledb.license', true) = 'timescale'")
                        .equals("t");
        for (StoreVariant variant : StoreVariant.all(timescale, columnstore)) {
            if (variant.words().contains(only)) {
                measure(connection, variant, out);
            }
        }
    }

    private long instants() {
        return hours * 3_600L / secondsBetween;
    }

    private long measurements() {
        return instants() * devices * metrics;
    }

    private void measure(Connection connection, StoreVariant variant, PrintWriter out) throws SQLException {
        StoreTable table = new StoreTable(connection, variant, devices, metrics, secondsBetween);
        Round[] done = new Round[rounds];
        for (int round = 0; round < rounds; round++) {
            done[round] = fill(connection, table, variant);
        }
        execute(connection, "VACUUM ANALYZE raw");
        long day = Math.min(instants(), 86_400L / secondsBetween);
        long hour = Math.max(1, 3_600L / secondsBetween);
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %.0f | %.2f | %.2f | %.2f |%n",
                variant.words(),
                spread(done, "%,.0f", Round::rowsPerSecond),
                spread(done, "%.2f", Round::databaseSeconds),
                spread(done, "%.2f", Round::clientSeconds),
                done[rounds - 1].bytes(),
                millis(table, number -> table.seriesQuery(number % devices, instants() - day, instants())),
                millis(table, number -> table.newestQuery(number % devices)),
                millis(table, number -> table.fleetQuery(instants() - hour, instants())));
        out.flush();
    }

    private Round fill(Connection connection, StoreTable table, StoreVariant variant) throws SQLException {
        table.create();
        CpuTime server = new CpuTime(postmaster(connection));
        CpuTime client = new CpuTime(ProcessHandle.current().pid());
        double serverBefore = server.seconds();
        double clientBefore = client.seconds();
        // About as many rows as the writer commits at once.
        long step = Math.max(1, 5_000 / ((long) devices * metrics));
        long start = System.nanoTime();
        for (long from = 0; from < instants(); from += step) {
            table.store(from, Math.min(from + step, instants()));
        }
        table.settle();
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        double serverSeconds = server.seconds() - serverBefore;
        double clientSeconds = client.seconds() - clientBefore;
        if (table.rows() != table.expectedRows(instants())) {
            throw new IllegalStateException(
                    variant.words() + " stored " + table.rows() + " rows of " + table.expectedRows(instants()));
        }
        double all = measurements();
        return new Round(
                all / seconds, serverSeconds * MILLION / all, clientSeconds * MILLION / all, table.bytes() / all);
    }

    private interface Figure {
        double of(Round round);
    }

    private static String spread(Round[] rounds, String format, Figure figure) {
        double[] values = Arrays.stream(rounds).mapToDouble(figure::of).sorted().toArray();
        return String.format(
                Locale.ROOT,
                format + " (" + format + " to " + format + ")",
                values[values.length / 2],
                values[0],
                values[values.length - 1]);
    }

    private interface Question {
        String of(int number);
    }

    private double millis(StoreTable table, Question question) throws SQLException {
        double[] times = new double[questions];
        for (int number = 0; number < questions; number++) {
            // The first of each kind also reads the catalogue.
            if (number == 0) {
                table.time(question.of(number));
            }
            times[number] = table.time(question.of(number)) / NANOS_PER_MILLI;
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }

    /** The process that all backends are children of, where it runs on this machine. */
    private static long postmaster(Connection connection) throws SQLException {
        long backend = Long.parseLong(text(connection, "SELECT pg_backend_pid()"));
        return ProcessHandle.of(backend)
                .flatMap(ProcessHandle::parent)
                .map(ProcessHandle::pid)
                .orElse(backend);
    }

    private static String inDatabase(String url) {
        int slash = url.lastIndexOf('/');
        int parameters = url.indexOf('?', slash);
        return url.substring(0, slash + 1) + DATABASE + (parameters < 0 ? "" : url.substring(parameters));
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
