package dev.heliograph.query.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.model.id.TenantId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeedsTest {
    private static final TenantId TENANT = new TenantId("demo");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void givenSubscriptionsThatComeAndGoWhilePartitionsGrow_whenCounted_thenItIsWhatEachNeedsByItself(long seed) {
        Random random = new Random(seed);
        Needs needs = new Needs();
        List<Subscription> taken = new ArrayList<>();
        Map<StreamTopic, Integer> counts = Map.of();
        int seen = 0;
        for (int step = 0; step < 500; step++) {
            int what = random.nextInt(10);
            if (what == 0) {
                counts = counts(random);
                needs.partitions(counts);
            } else if (what < 6 || taken.isEmpty()) {
                Subscription one = any(random);
                needs.take(one);
                taken.add(one);
            } else {
                needs.giveBack(taken.remove(random.nextInt(taken.size())));
            }

            Set<Place> expected = new HashSet<>();
            for (Subscription one : taken) {
                expected.addAll(byHand(one, counts));
                assertThat(Set.copyOf(needs.of(one).places())).isEqualTo(byHand(one, counts));
            }
            assertThat(needs.places()).isEqualTo(expected);
            seen += expected.size();
        }
        assertThat(seen).isPositive();
    }

    @Test
    void givenNothingTaken_whenGivenBack_thenThatIsAFault() {
        Needs needs = new Needs();

        assertThatThrownBy(() -> needs.giveBack(any(new Random(1)))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void givenPositionsOfSomePartitions_whenEncoded_thenTheyComeBackAndNoPrefixIsTakenForMore(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Positions some = positions(random);
            byte[] encoded = some.encode();

            assertThat(same(Positions.decode(encoded).orElseThrow(), some)).isTrue();
            for (int length = 0; length < encoded.length; length++) {
                byte[] cut = Arrays.copyOf(encoded, length);
                Positions.decode(cut)
                        .ifPresent(prefix -> assertThat(same(prefix, some)).isFalse());
            }
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            Positions.decode(noise).ifPresent(read -> assertThat(read.next()).hasSizeLessThanOrEqualTo(7));
        }
    }

    @Test
    void givenPositionsOfAnOlderVersion_whenDecoded_thenTheyAreWhatTheyWere() {
        // Topic 0 of three partitions at 5, 128 and 0; topic 3 of one at 7.
        byte[] old = ByteBuffer.allocate(9)
                .put(new byte[] {0, 3, 5, (byte) 0x80, 1, 0, 3, 1, 7})
                .array();

        Positions read = Positions.decode(old).orElseThrow();

        assertThat(read.next().get(StreamTopic.SAMPLES)).containsExactly(5, 128, 0);
        assertThat(read.next().get(StreamTopic.ALERTS)).containsExactly(7);
        assertThat(read.encode()).isEqualTo(old);
    }

    private static boolean same(Positions one, Positions other) {
        return one.next().keySet().equals(other.next().keySet())
                && one.next().entrySet().stream()
                        .allMatch(entry ->
                                Arrays.equals(entry.getValue(), other.next().get(entry.getKey())));
    }

    private static Positions positions(Random random) {
        Map<StreamTopic, long[]> next = new EnumMap<>(StreamTopic.class);
        for (StreamTopic topic : StreamTopic.live()) {
            if (random.nextBoolean()) {
                long[] offsets = new long[1 + random.nextInt(12)];
                for (int i = 0; i < offsets.length; i++) {
                    offsets[i] =
                            random.nextInt(3) == 0 ? Positions.UNREAD : random.nextLong(1L << random.nextInt(1, 60));
                }
                next.put(topic, offsets);
            }
        }
        return new Positions(next);
    }

    private static Map<StreamTopic, Integer> counts(Random random) {
        Map<StreamTopic, Integer> counts = new EnumMap<>(StreamTopic.class);
        for (StreamTopic topic : StreamTopic.live()) {
            if (random.nextInt(5) > 0) {
                counts.put(topic, 1 + random.nextInt(8));
            }
        }
        return counts;
    }

    private static Subscription any(Random random) {
        Set<View> views = new HashSet<>();
        for (int view = 0; view <= random.nextInt(2); view++) {
            Set<String> devices = new HashSet<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                devices.add("d" + random.nextInt(20));
            }
            Set<StreamTopic> topics = new HashSet<>();
            for (StreamTopic topic : StreamTopic.values()) {
                if (random.nextInt(3) == 0) {
                    topics.add(topic);
                }
            }
            views.add(new View(topics, devices, Set.of()));
        }
        return new Subscription(TENANT, views, 0);
    }

    private static Set<Place> byHand(Subscription subscription, Map<StreamTopic, Integer> counts) {
        Set<Place> places = new HashSet<>();
        for (StreamTopic topic : StreamTopic.values()) {
            for (int partition = 0; partition < counts.getOrDefault(topic, 0); partition++) {
                for (View view : subscription.views()) {
                    int count = counts.get(topic);
                    int wanted = partition;
                    if (view.topics().contains(topic)
                            && (view.devices().isEmpty()
                                    || view.devices().stream()
                                            .anyMatch(device -> Need.partitionOf(TENANT, device, count) == wanted))) {
                        places.add(new Place(topic, partition));
                    }
                }
            }
        }
        return places;
    }
}
