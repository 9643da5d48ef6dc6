package dev.heliograph.systemtests.faults.observe;

import dev.heliograph.systemtests.faults.check.Evidence.Bound;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks at processes and newest values all the time while a fault is on; nobody may see a value go back. */
public final class Watch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final double MEGABYTE = 1024 * 1024;
    /** Above heap: metaspace, code, threads, direct buffers, RocksDB. */
    private static final double MOST_RESIDENT_MEGABYTES = 850;

    private static final double MOST_THREADS = 250;
    private static final double MOST_FILES = 2_000;
    private static final double MOST_IN_FLIGHT = 20_000;

    private final Plant plant;
    private final String tenant;
    private final Map<String, Double> most = new TreeMap<>();
    private final Map<Integer, Long> newest = new HashMap<>();
    private final List<String> steps = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("watch").factory());

    private Watch(Plant plant, String tenant) {
        this.plant = plant;
        this.tenant = tenant;
    }

    /** Watches the services, and the newest values of a tenant, from now on. */
    public static Watch over(Plant plant, String tenant) {
        Watch watch = new Watch(plant, tenant);
        watch.clock.scheduleWithFixedDelay(watch::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /** The most that was seen of each resource, with its bound. */
    public synchronized List<Bound> bounds() {
        return most.entrySet().stream()
                .map(entry -> new Bound(entry.getKey(), entry.getValue(), mostOf(entry.getKey())))
                .toList();
    }

    /** Newest values that went back. */
    public synchronized List<String> backwardSteps() {
        return List.copyOf(steps);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private static double mostOf(String resource) {
        if (resource.endsWith("MB resident")) {
            return MOST_RESIDENT_MEGABYTES;
        }
        if (resource.endsWith("threads")) {
            return MOST_THREADS;
        }
        return resource.endsWith("files") ? MOST_FILES : MOST_IN_FLIGHT;
    }

    private void look() {
        for (Service service : plant.running()) {
            lookAt(service);
        }
        plant.gateway()
                .metric("heliograph_ingest_inflight")
                .ifPresent(messages -> note("gateway messages in flight", messages));
        try (Connection connection = plant.database().connect(plant.database().name())) {
            lookAtNewest(connection);
        } catch (SQLException away) {
            // a fault of the database: nobody sees anything then
        }
    }

    private void lookAt(Service service) {
        Path process = Path.of("/proc", String.valueOf(service.process().pid()));
        try {
            for (String line : Files.readAllLines(process.resolve("status"))) {
                if (line.startsWith("VmRSS:")) {
                    note(service.name() + " MB resident", number(line) * 1024 / MEGABYTE);
                } else if (line.startsWith("Threads:")) {
                    note(service.name() + " threads", number(line));
                }
            }
            try (Stream<Path> files = Files.list(process.resolve("fd"))) {
                note(service.name() + " files", files.count());
            }
        } catch (IOException gone) {
            // killed just now, or a system without /proc
        }
    }

    private static double number(String line) {
        return Double.parseDouble(line.replaceAll("[^0-9]", ""));
    }

    private synchronized void note(String resource, double value) {
        most.merge(resource, value, Math::max);
    }

    private void lookAtNewest(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT l.series_id, s.device, s.metric, (extract(epoch FROM l.ts) * 1000000)::bigint
                FROM latest l JOIN series s ON s.id = l.series_id WHERE s.tenant = ?
                """)) {
            select.setString(1, tenant);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long micros = row.getLong(4);
                    Long before = newest.put(row.getInt(1), micros);
                    if (before != null && before > micros) {
                        step(row.getString(2) + "/" + row.getString(3) + " went back from " + before + " to " + micros);
                    }
                }
            }
        }
    }

    private synchronized void step(String text) {
        steps.add(text);
    }
}
