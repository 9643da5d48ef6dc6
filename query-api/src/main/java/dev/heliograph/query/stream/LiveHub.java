package dev.heliograph.query.stream;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.wire.WireFormatException;
import dev.heliograph.query.paging.CursorSigner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TenantId, Audience> audiences = new HashMap<>();
    private final Map<UUID, Connection> byId = new HashMap<>();
    private volatile Positions positions = Positions.UNKNOWN;

    /** @param nanoTime a clock that only goes forward, ns; paces readers who want fewer samples than come */
    public LiveHub(CursorSigner signer, JsonMapper json, LongSupplier nanoTime) {
        this.signer = signer;
        this.json = json;
        this.nanoTime = nanoTime;
    }

    /** The connections of one tenant; equal subscriptions together. */
    private static final class Audience {
        final Interest interest = new Interest();
        final Map<Subscription, Group> groups = new HashMap<>();
    }

    /** Lets a connection in; returns the position from which on it gets everything. */
    Positions join(Connection connection) {
        lock.lock();
        try {
            enter(connection);
            byId.put(connection.id(), connection);
            return positions;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a connection go. */
    void leave(Connection connection) {
        lock.lock();
        try {
            byId.remove(connection.id());
            exit(connection);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives an open connection another subscription. Its client is told by the event {@code subscribed} where in the stream
     * that happened: what stands before it is of the old one, what follows of the new one.
     *
     * @return false if this instance has no such connection of this owner
     */
    boolean resubscribe(UUID id, String owner, Subscription changed) {
        lock.lock();
        try {
            Connection connection = byId.get(id);
            if (connection == null || !serves(id, changed.tenant(), owner)) {
                return false;
            }
            exit(connection);
            connection.subscribe(changed);
            enter(connection);
            connection.offer(Frame.single(
                    "subscribed", json.writeValueAsString(SubscribedEvent.of(changed)), id(changed, positions)));
            return true;
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
        group.offer(group.release(), id(subscription, positions));
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
            positions = behind;
            long now = nanoTime.getAsLong();
            audiences.forEach((tenant, audience) -> {
                TickBuilder builder = builders.get(tenant);
                hand(audience, builder == null ? Map.of() : builder.build(), behind, now);
            });
        } finally {
            lock.unlock();
        }
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

    static void add(StreamTopic topic, DeviceKey key, ConsumerRecord<byte[], byte[]> record, TickBuilder builder) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            return;
        }
        try {
            builder.add(topic, key, value);
        } catch (WireFormatException malformed) {
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
                group.offer(out, group.holds() ? null : id(subscription, behind));
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

    /** The id of a position for a subscription; null while no position is known. */
    @Nullable
    String id(Subscription subscription, Positions at) {
        Positions own = at.only(subscription.topics());
        return own.next().isEmpty() ? null : signer.sign(subscription.tenant(), POSITION, own.encode());
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
                                    .map(topic -> topic.name().toLowerCase(Locale.ROOT))
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
