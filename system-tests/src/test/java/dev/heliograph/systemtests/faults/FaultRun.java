package dev.heliograph.systemtests.faults;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.systemtests.faults.check.Forgotten;
import dev.heliograph.systemtests.faults.load.Tenant;
import dev.heliograph.systemtests.faults.observe.StoredReader;
import dev.heliograph.systemtests.faults.observe.TopicReader;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * What a fault may do while it is on: break parts of the plant, wait for acknowledgements, and say when it has healed.
 */
public final class FaultRun {
    private static final Duration ACKNOWLEDGEMENT_LIMIT = Duration.ofMinutes(3);
    private static final int SUBSCRIPTION_CONNECTIONS = 2;
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(5);

    private final Plant plant;
    private final Tenant tenant;
    private final Random random;
    private final TopicReader topics;
    private final Path directory;
    private long slowestAnswerNanos;
    private long largestBacklog;
    private long slowestCatchUpNanos;
    private int times;
    private boolean commitsLost;
    private final List<Forgotten.While> whiles = new ArrayList<>();
    private Function<Forgotten, List<String>> more = forgotten -> List.of();

    FaultRun(Plant plant, Tenant tenant, TopicReader topics, Path directory, long seed) {
        this.directory = directory;
        this.plant = plant;
        this.tenant = tenant;
        this.topics = topics;
        this.random = new Random(seed);
    }

    /** For what other tenants leave. */
    public Path directory() {
        return directory;
    }

    /** The installation. */
    public Plant plant() {
        return plant;
    }

    /** The tenant whose devices are under way. */
    public Tenant tenant() {
        return tenant;
    }

    /** Chance, the same for the same seed. */
    public Random random() {
        return random;
    }

    /** Lets a fault last. */
    public void last(Duration duration) {
        Waiting.pause(duration);
    }

    /** Lets an outage last: as long as {@code -Dheliograph.faults.outage.NAME} says (as {@code PT10M}), else briefly. */
    public void outage(String name, Duration quick) {
        String wanted = System.getProperty("heliograph.faults.outage." + name);
        Waiting.pause(wanted == null ? quick : Duration.parse(wanted));
    }

    /** Lets a moment pass that chance chooses. */
    public void moment(int fromMillis, int toMillis) {
        Waiting.pause(Duration.ofMillis(random.nextInt(fromMillis, toMillis)));
    }

    /** From now on the database may be behind what it was: a newest value may go back until the writer has been there again. */
    public void commitsAreLost() {
        commitsLost = true;
    }

    /** Whether somebody who watches may have seen newest values go back. */
    boolean mayGoBack() {
        return commitsLost;
    }

    /** Notes when a broker acknowledged what it then forgot. */
    void brokerForgot(Forgotten.While span) {
        whiles.add(span);
    }

    /** When brokers acknowledged what they then forgot; empty where none did. */
    List<Forgotten.While> whiles() {
        return List.copyOf(whiles);
    }

    /** Asks more of what a broker forgot than that the ledger misses it. */
    void asks(Function<Forgotten, List<String>> questions) {
        more = questions;
    }

    /** What is wrong with it. */
    List<String> problems(Forgotten forgotten) {
        return more.apply(forgotten);
    }

    /** The topics, read past every proxy. */
    public TopicReader topics() {
        return topics;
    }

    /** Waits until so many more messages have been acknowledged. */
    public void awaitAcknowledged(long more) {
        long target = tenant.acknowledged() + more;
        Waiting.until(more + " more acknowledgements", ACKNOWLEDGEMENT_LIMIT, () -> tenant.acknowledged() >= target);
    }

    /** Call when everything is whole again: measures how long it takes until a device is answered. */
    public void healed() {
        times++;
        long healedAt = System.nanoTime();
        Backlog backlog = backlog();
        // What was under way when it healed may be answered at once; a few more are an answer to new messages.
        awaitAcknowledged(5);
        slowestAnswerNanos = Math.max(slowestAnswerNanos, System.nanoTime() - healedAt);
        awaitAcknowledged(50);
        if (backlog.records >= largestBacklog) {
            Waiting.until("what had waited is stored", CATCH_UP_LIMIT, backlog::isStored);
            largestBacklog = backlog.records;
            slowestCatchUpNanos = System.nanoTime() - healedAt;
        }
    }

    /** Waits until every connection of the gateway to its broker stands again, and a moment more for what had waited there. */
    public void awaitSubscribed() {
        Waiting.until(
                "the gateway has subscribed again",
                ACKNOWLEDGEMENT_LIMIT,
                () -> plant.gateway()
                                .metric("heliograph_ingest_subscription_connections")
                                .orElse(0)
                        >= SUBSCRIPTION_CONNECTIONS);
        last(Duration.ofMillis(500));
    }

    /** Waits until everything that is in Kafka now is in the database. */
    public void awaitStored() {
        Waiting.until("what is in Kafka is stored", CATCH_UP_LIMIT, backlog()::isStored);
    }

    private Backlog backlog() {
        Map<Integer, Long> ends = topics.endOfReadings();
        Map<Integer, Long> stored = stored();
        long records = 0;
        for (Map.Entry<Integer, Long> end : ends.entrySet()) {
            records += end.getValue() - stored.getOrDefault(end.getKey(), 0L);
        }
        return new Backlog(ends, records);
    }

    /** Where the writer stands; nowhere while the database is away. */
    private Map<Integer, Long> stored() {
        try (Connection connection = plant.database().connect(plant.database().name())) {
            return StoredReader.positions(connection, "store-writer", Topics.READINGS);
        } catch (SQLException away) {
            return Map.of();
        }
    }

    /** What was in the topic of readings at a moment and not in the database. */
    private final class Backlog {
        private final Map<Integer, Long> ends;
        private final long records;

        Backlog(Map<Integer, Long> ends, long records) {
            this.ends = ends;
            this.records = records;
        }

        boolean isStored() {
            Map<Integer, Long> stored = stored();
            return ends.entrySet().stream().allMatch(end -> stored.getOrDefault(end.getKey(), 0L) >= end.getValue());
        }
    }

    /** The most records of readings that waited when a fault had healed. */
    long largestBacklog() {
        return largestBacklog;
    }

    /** How long it took to store them. */
    Duration catchUp() {
        return Duration.ofNanos(slowestCatchUpNanos);
    }

    /** The longest that devices waited for an answer after a fault had healed. */
    Duration slowestAnswer() {
        return Duration.ofNanos(slowestAnswerNanos);
    }

    /** How often the fault was repeated. */
    int times() {
        return times;
    }
}
