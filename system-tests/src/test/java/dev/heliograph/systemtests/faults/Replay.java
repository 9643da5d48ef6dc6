package dev.heliograph.systemtests.faults;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.storage.DatabaseSchema;
import dev.heliograph.systemtests.faults.check.ReplayCheck;
import dev.heliograph.systemtests.faults.check.Stored;
import dev.heliograph.systemtests.faults.observe.StoredReader;
import dev.heliograph.systemtests.faults.observe.TopicReader;
import dev.heliograph.systemtests.faults.plant.Database;
import dev.heliograph.systemtests.faults.plant.DatabaseRefusals;
import dev.heliograph.systemtests.faults.plant.KafkaCluster.Client;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Waiting;
import dev.heliograph.writer.DatabaseAccess;
import dev.heliograph.writer.KafkaAccess;
import dev.heliograph.writer.Writer;
import dev.heliograph.writer.WriterSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Checker C11: reads all of Kafka again into an empty database, undisturbed, and compares with what the writer left that
 * went through all the faults.
 */
final class Replay {
    private static final String CONSUMER = "replay";
    private static final Duration STANDSTILL_LIMIT = Duration.ofMinutes(2);

    private Replay() {}

    /** Differences, of all these tenants. */
    static List<String> differences(Plant plant, TopicReader topics, List<String> tenants) throws SQLException {
        Database server = plant.database();
        String database = server.name() + "_replay";
        administer(server, "CREATE DATABASE " + database);
        try {
            return differences(plant, topics, tenants, database);
        } finally {
            administer(server, "DROP DATABASE " + database + " WITH (FORCE)");
        }
    }

    private static List<String> differences(Plant plant, TopicReader topics, List<String> tenants, String database)
            throws SQLException {
        Database server = plant.database();
        WriterSettings settings = new Binder(new MapConfigurationPropertySource(Map.of(
                        "heliograph.writer.consumer", CONSUMER,
                        "heliograph.writer.instance", CONSUMER,
                        "heliograph.writer.retention.enabled", "false")))
                .bindOrCreate("heliograph.writer", WriterSettings.class);
        List<String> differences = new ArrayList<>();
        PGSimpleDataSource empty = new PGSimpleDataSource();
        empty.setUrl("jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database);
        empty.setUser(server.username());
        empty.setPassword(server.password());
        DatabaseSchema.migrate(empty);
        try (Connection connection = server.connect(database)) {
            DatabaseRefusals.refuseByContent(connection); // what was refused for good is refused again
        }
        try (Writer writer = new Writer(
                settings,
                new KafkaAccess(plant.kafka().bootstrapServers(Client.DIRECT), Map.of()),
                new DatabaseAccess(
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database,
                        server.username(),
                        server.password()),
                new SimpleMeterRegistry())) {
            writer.start();
            for (String tenant : tenants) {
                differences.addAll(differencesOf(tenant, server, database, topics));
            }
        }
        return differences;
    }

    private static List<String> differencesOf(String tenant, Database server, String database, TopicReader topics)
            throws SQLException {
        awaitRead(server, database, topics.endOfReadings());
        // The other topics come a moment later; what they bring is there when nothing differs any more.
        List<String> differences = new ArrayList<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        do {
            differences.clear();
            differences.addAll(ReplayCheck.differences(
                    tenant, read(server, server.name(), tenant), read(server, database, tenant)));
            if (!differences.isEmpty()) {
                Waiting.pause(Duration.ofMillis(500));
            }
        } while (!differences.isEmpty() && System.nanoTime() < deadline);
        return differences;
    }

    /** However long it takes: a run of a day leaves millions of records. */
    private static void awaitRead(Database server, String database, Map<Integer, Long> ends) {
        for (Map<Integer, Long> now = Map.of(); !now.equals(ends); now = positions(server, database)) {
            Map<Integer, Long> before = now;
            Waiting.until(
                    "the replay goes on to " + ends + ", it stands at " + before,
                    STANDSTILL_LIMIT,
                    () -> !positions(server, database).equals(before));
        }
    }

    private static Map<Integer, Long> positions(Database server, String database) {
        try (Connection connection = server.connect(database)) {
            return StoredReader.positions(connection, CONSUMER, Topics.READINGS);
        } catch (SQLException notYet) {
            return Map.of();
        }
    }

    private static Stored read(Database server, String database, String tenant) throws SQLException {
        try (Connection connection = server.connect(database)) {
            return StoredReader.read(connection, tenant);
        }
    }

    private static void administer(Database server, String sql) throws SQLException {
        try (Connection connection = server.connect(server.name());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
