package dev.heliograph.query.stream;

import dev.heliograph.model.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;

/**
 * The partitions of the live topics that hold what a subscription shows: those of its devices, or all. Immutable.
 *
 * @param partitions by topic; topics that are not there yet are left out
 */
record Need(Map<StreamTopic, BitSet> partitions) {
    /** What this subscription needs of topics with so many partitions. */
    static Need of(Subscription subscription, Map<StreamTopic, Integer> counts) {
        Map<StreamTopic, BitSet> partitions = new EnumMap<>(StreamTopic.class);
        for (View view : subscription.views()) {
            for (StreamTopic topic : view.topics()) {
                int count = counts.getOrDefault(topic, 0);
                if (count > 0) {
                    add(partitions.computeIfAbsent(topic, name -> new BitSet()), subscription.tenant(), view, count);
                }
            }
        }
        return new Need(partitions);
    }

    private static void add(BitSet partitions, TenantId tenant, View view, int count) {
        if (view.everyDevice()) {
            partitions.set(0, count);
        } else {
            view.devices().forEach(device -> partitions.set(partitionOf(tenant, device, count)));
        }
    }

    /** Where a device's records are: every producer of the platform leaves that to Kafka's rule for keys. */
    static int partitionOf(TenantId tenant, String device, int count) {
        byte[] key = (tenant.value() + "/" + device).getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % count;
    }

    Set<StreamTopic> topics() {
        return partitions.isEmpty() ? Set.of() : EnumSet.copyOf(partitions.keySet());
    }

    boolean holds(StreamTopic topic, int partition) {
        BitSet needed = partitions.get(topic);
        return needed != null && needed.get(partition);
    }

    Collection<Place> places() {
        List<Place> places = new ArrayList<>();
        partitions.forEach(
                (topic, needed) -> needed.stream().forEach(partition -> places.add(new Place(topic, partition))));
        return places;
    }

    /** Whether a position says of each of them where it is. */
    boolean isCoveredBy(Positions positions) {
        return partitions.entrySet().stream()
                .allMatch(entry ->
                        entry.getValue().stream().allMatch(partition -> positions.knows(entry.getKey(), partition)));
    }
}
