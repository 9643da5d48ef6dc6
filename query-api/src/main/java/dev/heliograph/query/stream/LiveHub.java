package dev.heliograph.query.stream;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.wire.WireFormatException;
import dev.heliograph.query.paging.CursorSigner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hands what came within a tick to everybody who looks at it. A connection joins between two ticks and is told the position
 * of that moment, so that what it replays up to there and what it gets from there on neither overlap nor leave a gap.
 * Everything is found by tenant first.
 */
public final class LiveHub {
    private static final Logger LOG = LoggerFactory.getLogger(LiveHub.class);
    // The position alone is signed: whoever changes what he looks at may still go on from where he was.
    private static final String POSITION = "stream";

    private final CursorSigner signer;
    private final JsonMapper json;
    private final LongSupplier nanoTime;
    private final Duration joinWait;
    private final StreamMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Map<TenantId, Audience> audiences = new HashMap<>();
    private final Map<UUID, Connection> byId = new HashMap<>();
    private final Needs needs = new Needs();
    private final ReadPlan plan;
    // Those that joined before what they show was read: they are told when it is, as something may have been missed.
    private final Set<Connection> early = new HashSet<>();
    private boolean fed;
    private volatile Positions positions = Positions.UNKNOWN;

    /**
     * @param nanoTime a clock that only goes forward, ns; paces readers who want fewer samples than come
     * @param linger how long a partition is read on when nobody needs it any more
     * @param joinWait longest wait of a connection for the partitions that it needs
     * @param metrics hears of records that cannot be read
     */
    public LiveHub(
            CursorSigner signer,
            JsonMapper json,
            LongSupplier nanoTime,
            Duration linger,
            Duration joinWait,
            StreamMetrics metrics) {
        this.signer = signer;
        this.json = json;
        this.nanoTime = nanoTime;
        this.joinWait = joinWait;
        this.metrics = metrics;
        this.plan = new ReadPlan(linger);
    }

    /** The connections of one tenant; equal subscriptions together. */
    private static final class Audience {
        final Interest interest = new Interest();
        final Map<Subscription, Group> groups = new HashMap<>();
    }

    /**
     * Lets a connection in as soon as what it shows is read; returns the position from which on it gets everything.
     *
     * @throws InterruptedException while it waits; the connection is not in then
     */
    Positions join(Connection connection) throws InterruptedException {
        lock.lock();
        try {
            Subscription subscription = connection.subscription();
            boolean isRead = takeAndAwait(subscription);
            enter(connection);
            byId.put(connection.id(), connection);
            if (!isRead) {
                early.add(connection);
            }
            return positions;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a connection go. */
    void leave(Connection connection) {
        lock.lock();
        try {
            if (byId.remove(connection.id()) != null) {
                early.remove(connection);
                exit(connection);
                needs.giveBack(connection.subscription());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether everything that the subscription needs is read; waits for it while somebody reads. */
    private boolean takeAndAwait(Subscription subscription) throws InterruptedException {
        needs.take(subscription);
        try {
            long left = joinWait.toNanos();
            while (fed && !isRead(subscription) && left > 0) {
                left = moved.awaitNanos(left);
            }
            return isRead(subscription);
        } catch (InterruptedException stop) {
            needs.giveBack(subscription);
            throw stop;
        }
    }

    private boolean isRead(Subscription subscription) {
        return !subscription.isLive()
                || (!positions.next().isEmpty() && needs.of(subscription).isCoveredBy(positions));
    }

    /**
     * Gives an open connection another subscription as soon as what that shows is read. Its client is told by the event
     * {@code subscribed} where in the stream the change took place.
     *
     * @return false if this instance serves no such connection of this owner
     * @throws InterruptedException while it waits; nothing has changed then
     */
    boolean resubscribe(UUID id, String owner, Subscription changed) throws InterruptedException {
        lock.lock();
        try {
            Connection connection = byId.get(id);
            if (connection == null || !serves(id, changed.tenant(), owner)) {
                return false;
            }
            boolean isRead = takeAndAwait(changed);
            if (byId.get(id) != connection) {
                needs.giveBack(changed);
                return false; // it has gone meanwhile
            }
            exit(connection);
            needs.giveBack(connection.subscription());
            connection.subscribe(changed);
            enter(connection);
            if (!isRead) {
                early.add(connection);
            }
            connection.offer(Frame.single(
                    "subscribed", json.writeValueAsString(SubscribedEvent.of(changed)), id(changed, positions)));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Decides what is to be read from now on. What is no longer read is no longer covered from this moment: whoever joins
     * waits until it is read again.
     *
     * @param counts partitions of each topic that is there
     */
    Set<Place> plan(Map<StreamTopic, Integer> counts) {
        lock.lock();
        try {
            needs.partitions(counts);
            Set<Place> read =
                    plan.next(needs.places(), counts.getOrDefault(StreamTopic.SAMPLES, 0), nanoTime.getAsLong());
            positions = positions.only(read);
            return read;
        } finally {
            lock.unlock();
        }
    }

    /** Says whether anybody reads the topics: while nobody does, nobody waits for it. */
    void fed(boolean isFed) {
        lock.lock();
        try {
            fed = isFed;
            if (!isFed) {
                plan.clear();
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether this instance serves such a connection of this owner. */
    boolean serves(UUID id, TenantId tenant, String owner) {
        lock.lock();
        try {
            Connection connection = byId.get(id);
            return connection != null
                    && connection.owner().equals(owner)
                    && connection.subscription().tenant().equals(tenant);
        } finally {
            lock.unlock();
        }
    }

    private void enter(Connection connection) {
        Subscription subscription = connection.subscription();
        Audience audience = audiences.computeIfAbsent(subscription.tenant(), tenant -> new Audience());
        Group group = audience.groups.computeIfAbsent(subscription, Group::new);
        group.offer(group.release(), id(subscription, group.need(needs), positions));
        group.connections().add(connection);
        audience.interest.add(subscription);
    }

    private void exit(Connection connection) {
        Subscription subscription = connection.subscription();
        Audience audience = audiences.get(subscription.tenant());
        Group group = audience == null ? null : audience.groups.get(subscription);
        if (audience == null || group == null || !group.connections().remove(connection)) {
            return;
        }
        audience.interest.remove(subscription);
        if (group.connections().isEmpty()) {
            audience.groups.remove(subscription);
        }
        if (audience.groups.isEmpty()) {
            audiences.remove(subscription.tenant());
        }
    }

    /** The position behind everything that was handed out. */
    Positions positions() {
        return positions;
    }

    /** Hands out what came within a tick; {@code behind} is the position behind it. */
    void tick(Collection<ConsumerRecord<byte[], byte[]>> records, Positions behind) {
        lock.lock();
        try {
            Map<TenantId, TickBuilder> builders = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                add(record, builders);
            }
            needs.partitions(behind.counts());
            positions = behind;
            long now = nanoTime.getAsLong();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.topic().equals(StreamTopic.SAMPLES.kafkaTopic)) {
                    plan.arrived(new Place(StreamTopic.SAMPLES, record.partition()), now);
                }
            }
            audiences.forEach((tenant, audience) -> {
                TickBuilder builder = builders.get(tenant);
                hand(audience, builder == null ? Map.of() : builder.build(), behind, now);
            });
            early.removeIf(this::isToldToReset);
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What came between its beginning and that of the reading was missed by an early connection. */
    private boolean isToldToReset(Connection connection) {
        boolean isRead = isRead(connection.subscription());
        if (isRead) {
            connection.offer(resetFrame("not-ready"));
        }
        return isRead;
    }

    private void add(ConsumerRecord<byte[], byte[]> record, Map<TenantId, TickBuilder> builders) {
        Optional<StreamTopic> topic = StreamTopic.ofKafka(record.topic());
        if (topic.isEmpty() || audiences.isEmpty()) {
            return;
        }
        keyOf(record).ifPresent(key -> {
            Audience audience = audiences.get(key.tenant());
            if (audience != null
                    && audience.interest.covers(topic.get(), key.device().value())) {
                add(
                        topic.get(),
                        key,
                        record,
                        builders.computeIfAbsent(key.tenant(), tenant -> new TickBuilder(tenant, json)));
            }
        });
    }

    /** Takes one record into what is shown; one that cannot be read is passed over and counted. */
    void add(StreamTopic topic, DeviceKey key, ConsumerRecord<byte[], byte[]> record, TickBuilder builder) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            return;
        }
        try {
            builder.add(topic, key, value);
        } catch (WireFormatException malformed) {
            metrics.unreadable(record.topic());
            LOG.warn(
                    "{}-{}@{} can not be read: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    malformed.getMessage());
        }
    }

    static Optional<DeviceKey> keyOf(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        return key == null ? Optional.empty() : DeviceKey.parse(new String(key, StandardCharsets.UTF_8));
    }

    private void hand(Audience audience, Map<String, List<Fragment>> fragments, Positions behind, long now) {
        audience.groups.forEach((subscription, group) -> {
            List<Fragment> passed = group.pass(choose(subscription, fragments), now);
            List<Fragment> due = group.due(now);
            if (!passed.isEmpty() || !due.isEmpty()) {
                List<Fragment> out = new ArrayList<>(passed);
                out.addAll(due);
                // A position behind samples that are still held would leave them out for whoever resumes from it.
                group.offer(out, group.holds() ? null : id(subscription, group.need(needs), behind));
            }
        });
    }

    /** The fragments that a subscription shows. */
    static List<Fragment> choose(Subscription subscription, Map<String, List<Fragment>> fragments) {
        List<Fragment> chosen = new ArrayList<>();
        Collection<String> devices = subscription.everyDevice() ? fragments.keySet() : subscription.devices();
        for (String device : devices) {
            for (Fragment fragment : fragments.getOrDefault(device, List.of())) {
                if (subscription.wants(fragment)) {
                    chosen.add(fragment);
                }
            }
        }
        return chosen;
    }

    /** Hands one frame to every connection that shows the topic, of whatever tenant: for what belongs to none. */
    void toAll(StreamTopic topic, Frame frame) {
        lock.lock();
        try {
            for (Audience audience : audiences.values()) {
                audience.groups.forEach((subscription, group) -> {
                    if (subscription.topics().contains(topic)) {
                        group.connections().forEach(connection -> connection.offer(frame));
                    }
                });
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands what a tenant has newly got of a topic that does not come from Kafka to those who show it.
     *
     * @param whole for a connection that has not been told anything of it yet; null where there is nothing
     * @param changed for the others; null where there is nothing
     */
    void toTenant(TenantId tenant, StreamTopic topic, @Nullable Frame whole, @Nullable Frame changed) {
        lock.lock();
        try {
            Audience audience = audiences.get(tenant);
            if (audience == null) {
                return;
            }
            audience.groups.forEach((subscription, group) -> {
                if (subscription.topics().contains(topic)) {
                    group.connections().forEach(connection -> {
                        Frame frame = connection.isFirst(topic) ? whole : changed;
                        if (frame != null) {
                            connection.offer(frame);
                        }
                    });
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /** The tenants of which somebody shows this topic. */
    Set<TenantId> tenantsOf(StreamTopic topic) {
        lock.lock();
        try {
            Set<TenantId> tenants = new TreeSet<>(Comparator.comparing(TenantId::value));
            audiences.forEach((tenant, audience) -> {
                if (audience.groups.keySet().stream()
                        .anyMatch(subscription -> subscription.topics().contains(topic))) {
                    tenants.add(tenant);
                }
            });
            return tenants;
        } finally {
            lock.unlock();
        }
    }

    boolean anybodyWants(StreamTopic topic) {
        lock.lock();
        try {
            return audiences.values().stream()
                    .anyMatch(audience -> audience.groups.keySet().stream()
                            .anyMatch(subscription -> subscription.topics().contains(topic)));
        } finally {
            lock.unlock();
        }
    }

    /** Tells everybody that events were left out. */
    void reset(String reason) {
        lock.lock();
        try {
            Frame frame = resetFrame(reason);
            audiences
                    .values()
                    .forEach(audience -> audience.groups
                            .values()
                            .forEach(group -> group.connections().forEach(connection -> connection.offer(frame))));
        } finally {
            lock.unlock();
        }
    }

    /** Ends every connection. */
    void endAll(String reason) {
        lock.lock();
        try {
            audiences
                    .values()
                    .forEach(audience -> audience.groups
                            .values()
                            .forEach(group -> group.connections().forEach(connection -> connection.end(reason))));
        } finally {
            lock.unlock();
        }
    }

    static Frame resetFrame(String reason) {
        return Frame.single("reset", "{\"reason\":\"" + reason + "\"}", null);
    }

    /** The id of a position for a subscription; null where not all that it shows is known there. */
    @Nullable
    String id(Subscription subscription, Positions at) {
        return id(subscription, need(subscription), at);
    }

    private @Nullable String id(Subscription subscription, Need need, Positions at) {
        Positions own = at.only(need);
        return own.next().isEmpty() || !need.isCoveredBy(own)
                ? null
                : signer.sign(subscription.tenant(), POSITION, own.encode());
    }

    /** The partitions that hold what a subscription shows. */
    Need need(Subscription subscription) {
        lock.lock();
        try {
            return needs.of(subscription);
        } finally {
            lock.unlock();
        }
    }

    /** The position of an id that this platform gave to this tenant. */
    Optional<Positions> positionOf(Subscription subscription, String id) {
        return signer.verify(subscription.tenant(), POSITION, id).flatMap(Positions::decode);
    }

    /** What the client of a changed subscription is told. */
    private record SubscribedEvent(List<Shown> subscriptions, int samplesPerSecond) {
        record Shown(List<String> topics, List<String> devices, List<String> metrics) {}

        static SubscribedEvent of(Subscription subscription) {
            List<Shown> shown = subscription.views().stream()
                    .map(view -> new Shown(
                            view.topics().stream()
                                    .filter(topic -> topic.isAsked)
                                    .map(StreamTopic::word)
                                    .sorted()
                                    .toList(),
                            view.everyDevice()
                                    ? List.of("*")
                                    : view.devices().stream().sorted().toList(),
                            view.metrics().stream().sorted().toList()))
                    .sorted(Comparator.comparing(Shown::toString))
                    .toList();
            return new SubscribedEvent(shown, subscription.samplesPerSecond());
        }
    }
}
