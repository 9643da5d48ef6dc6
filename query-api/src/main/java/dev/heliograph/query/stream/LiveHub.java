package dev.heliograph.query.stream;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.wire.WireFormatException;
import dev.heliograph.query.paging.CursorSigner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
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

    private final CursorSigner signer;
    private final JsonMapper json;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TenantId, Audience> audiences = new HashMap<>();
    private volatile Positions positions = Positions.UNKNOWN;

    public LiveHub(CursorSigner signer, JsonMapper json) {
        this.signer = signer;
        this.json = json;
    }

    /** The connections of one tenant; equal subscriptions together. */
    private static final class Audience {
        final Interest interest = new Interest();
        final Map<Subscription, Set<Connection>> groups = new HashMap<>();
    }

    /** Lets a connection in; returns the position from which on it gets everything. */
    Positions join(Connection connection) {
        Subscription subscription = connection.subscription();
        lock.lock();
        try {
            Audience audience = audiences.computeIfAbsent(subscription.tenant(), tenant -> new Audience());
            audience.groups
                    .computeIfAbsent(subscription, s -> new LinkedHashSet<>())
                    .add(connection);
            audience.interest.add(subscription);
            return positions;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a connection go. */
    void leave(Connection connection) {
        Subscription subscription = connection.subscription();
        lock.lock();
        try {
            Audience audience = audiences.get(subscription.tenant());
            Set<Connection> group = audience == null ? null : audience.groups.get(subscription);
            if (audience == null || group == null || !group.remove(connection)) {
                return;
            }
            audience.interest.remove(subscription);
            if (group.isEmpty()) {
                audience.groups.remove(subscription);
            }
            if (audience.groups.isEmpty()) {
                audiences.remove(subscription.tenant());
            }
        } finally {
            lock.unlock();
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
            builders.forEach((tenant, builder) -> hand(audiences.get(tenant), builder.build(), behind));
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

    private void hand(@Nullable Audience audience, Map<String, List<Fragment>> fragments, Positions behind) {
        if (audience == null) {
            return;
        }
        audience.groups.forEach((subscription, connections) -> {
            List<Fragment> chosen = choose(subscription, fragments);
            if (!chosen.isEmpty()) {
                Frame frame = Frame.of(chosen, id(subscription, behind));
                connections.forEach(connection -> connection.offer(frame));
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
                audience.groups.forEach((subscription, connections) -> {
                    if (subscription.topics().contains(topic)) {
                        connections.forEach(connection -> connection.offer(frame));
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
                            .forEach(group -> group.forEach(connection -> connection.offer(frame))));
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
                            .forEach(group -> group.forEach(connection -> connection.end(reason))));
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
        return own.next().isEmpty() ? null : signer.sign(subscription.tenant(), context(subscription), own.encode());
    }

    /** The position of an id that this platform gave to this tenant for these topics. */
    Optional<Positions> positionOf(Subscription subscription, String id) {
        return signer.verify(subscription.tenant(), context(subscription), id).flatMap(Positions::decode);
    }

    // Devices and metrics are left out: whoever changes them may still go on from where he was.
    private static String context(Subscription subscription) {
        return "stream|" + subscription.topics().stream().sorted().toList();
    }
}
