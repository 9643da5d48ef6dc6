package dev.heliograph.ingest.sparkplug;

import static dev.heliograph.ingest.sparkplug.EdgeNodesFixture.LINE;
import static dev.heliograph.ingest.sparkplug.EdgeNodesFixture.PUMP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.sparkplug.EdgeNodeLink.End;
import dev.heliograph.ingest.sparkplug.EdgeNodesFixture.Wire;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.presence.DevicePresence;
import dev.heliograph.model.presence.PresencePolicy;
import dev.heliograph.model.wire.SessionRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An edge node that moves from gateway to gateway and leaves connections behind, which end when they are missed. The gateways
 * know nothing of one another; what they tell comes together in one order, and there the stream must find who is there.
 */
class EdgeNodeMovesTest {
    private static final int HISTORIES = 300;
    private static final int STEPS = 50;
    private static final int GATEWAYS = 3;
    private static final List<String> DEVICES = List.of("a", "b");
    private static final String LATE = "nothing received for one and a half times the keep-alive";

    /** Several gateways with one clock, and what the stream makes of their words. */
    private static final class World {
        final List<EdgeNodesFixture> gateways = new ArrayList<>();
        private final Map<String, DevicePresence> presences = new HashMap<>();
        private final int[] read;

        World(int count) {
            read = new int[count];
            for (int i = 0; i < count; i++) {
                EdgeNodesFixture gateway = new EdgeNodesFixture();
                DEVICES.forEach(
                        name -> gateway.register(DeviceKey.of("acme", "line-1_" + name), Map.of("gateway", "line-1")));
                gateways.add(gateway);
            }
        }

        /** The endpoint tells of each connection by itself. */
        Wire connect(int gateway) {
            EdgeNodesFixture at = gateways.get(gateway);
            note(LINE.device().value(), true, at.nowMillis * 1_000, at.nowMillis * 1_000);
            return at.connect();
        }

        void pass(Duration time) {
            for (long left = time.toMillis(); left > 0; left -= 500) {
                gateways.forEach(gateway -> gateway.pass(Duration.ofMillis(500)));
                listen();
            }
        }

        void listen() {
            for (int i = 0; i < read.length; i++) {
                List<SessionRecord> said = gateways.get(i).sessions();
                for (SessionRecord each : said.subList(read[i], said.size())) {
                    note(each.device(), each.event().equals("status-online"), each.at(), each.since());
                }
                read[i] = said.size();
            }
        }

        private void note(String device, boolean isConnected, long at, Long since) {
            presences
                    .computeIfAbsent(device, fresh -> new DevicePresence(PresencePolicy.DEFAULT))
                    .onStatus(isConnected, at, since, at);
        }

        boolean isThere(DeviceKey device) {
            return isThere(device.device().value());
        }

        boolean isThere(String device) {
            listen();
            DevicePresence known = presences.get(device);
            return known != null && Boolean.TRUE.equals(known.connected());
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void givenAConnectionThatIsHalfOpenElsewhere_whenItIsMissed_thenItsEndIsNotThatOfTheNewerOne(
            boolean hasWill, boolean sameNumber) {
        World world = new World(2);
        Wire old = world.connect(0);
        old.nodeBirth(3);
        old.deviceBirth(1);
        world.pass(Duration.ofSeconds(5));
        Wire fresh = world.connect(1);
        fresh.nodeBirth(sameNumber ? 3 : 4);
        fresh.deviceBirth(1);
        world.pass(Duration.ofSeconds(60));

        if (hasWill) {
            old.die(3);
        }
        old.link.ended(LATE, End.GONE);

        assertThat(world.isThere(LINE)).isTrue();
        assertThat(world.isThere(PUMP)).isTrue();
        world.pass(Duration.ofSeconds(5));
        fresh.die(sameNumber ? 3 : 4);
        assertThat(world.isThere(LINE)).isFalse();
        assertThat(world.isThere(PUMP)).isFalse();
    }

    @Test
    void givenADeviceThatIsNotBornAgainElsewhere_whenTheOldConnectionIsMissed_thenItIsGone() {
        World world = new World(2);
        Wire old = world.connect(0);
        old.nodeBirth(3);
        old.deviceBirth(1);
        world.pass(Duration.ofSeconds(5));
        world.connect(1).nodeBirth(4);
        world.pass(Duration.ofSeconds(60));

        old.die(3);

        assertThat(world.isThere(LINE)).isTrue();
        assertThat(world.isThere(PUMP)).isFalse();
    }

    @Test
    void givenAnEdgeNodeThatIsBack_whenTheGatewayBetweenMissesIt_thenItIsThereByTheWordOfTheFirst() {
        World world = new World(2);
        Wire first = world.connect(0);
        first.nodeBirth(3);
        first.deviceBirth(1);
        world.pass(Duration.ofSeconds(5));
        Wire between = world.connect(1);
        between.nodeBirth(4);
        between.deviceBirth(1);
        world.pass(Duration.ofSeconds(5));
        // The first connection still stands here, and who was there by it.
        Wire back = world.connect(0);
        back.nodeBirth(5);
        back.deviceBirth(1);
        world.pass(Duration.ofSeconds(5));

        between.die(4);
        between.link.ended(LATE, End.GONE);

        assertThat(first.isTakenOver).isTrue();
        assertThat(world.isThere(LINE)).isTrue();
        assertThat(world.isThere(PUMP)).isTrue();
    }

    @Test
    void givenHistoriesOfMoves_whenOldConnectionsAreMissedAtAnyMoment_thenWhoIsThereIsThereAndInTheEndNobodyIs() {
        int moves = 0;
        int lateDeaths = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            History history = new History(seed);
            history.play();
            moves += history.moves;
            lateDeaths += history.lateDeaths;
        }

        assertThat(moves).isGreaterThan(1_000);
        assertThat(lateDeaths).isGreaterThan(500);
    }

    private static final class History {
        private final int seed;
        private final Random random;
        private final World world = new World(GATEWAYS);
        private final Deque<Left> halfOpen = new ArrayDeque<>();
        /** Who was born by the connection that counts and has not died since. */
        private final Set<String> there = new HashSet<>();

        private Wire wire;
        private int bdSeq;
        private int sequence;
        private int moves;
        private int lateDeaths;

        private record Left(Wire wire, int bdSeq) {}

        History(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.wire = world.connect(0);
            birth();
            world.pass(Duration.ofMillis(500));
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(10)) {
                    case 0, 1 -> move();
                    case 2 -> birth();
                    case 3, 4, 5 -> deviceBirth(DEVICES.get(random.nextInt(DEVICES.size())));
                    case 6 -> deviceDeath(DEVICES.get(random.nextInt(DEVICES.size())));
                    default -> {
                        if (!halfOpen.isEmpty()) {
                            miss(random.nextBoolean() ? halfOpen.removeFirst() : halfOpen.removeLast());
                        }
                    }
                }
                world.pass(Duration.ofMillis(500));
                for (String device : there) {
                    assertThat(world.isThere(device))
                            .as("seed %d, step %d, %s", seed, step, device)
                            .isTrue();
                }
            }
            halfOpen.addFirst(new Left(wire, bdSeq));
            while (!halfOpen.isEmpty()) {
                miss(halfOpen.removeLast());
                world.pass(Duration.ofMillis(500));
            }
            assertThat(world.presences.keySet())
                    .as("seed %d", seed)
                    .filteredOn(world::isThere)
                    .isEmpty();
        }

        private void move() {
            moves++;
            halfOpen.add(new Left(wire, bdSeq));
            wire = world.connect(random.nextInt(GATEWAYS));
            there.clear();
            birth();
        }

        private void birth() {
            bdSeq = bdSeq + 1 & 255;
            sequence = 1;
            wire.nodeBirth(bdSeq);
            there.clear();
            there.add("line-1");
        }

        private void deviceBirth(String name) {
            wire.sendTo(
                    "spBv1.0/Plant/DBIRTH/Line 1/" + name,
                    Payloads.payload(
                            world.gateways.getFirst().nowMillis, sequence++ & 255, Payloads.born("flow", 2, 2.5)));
            there.add("line-1_" + name);
        }

        private void deviceDeath(String name) {
            wire.sendTo(
                    "spBv1.0/Plant/DDEATH/Line 1/" + name,
                    Payloads.payload(world.gateways.getFirst().nowMillis, sequence++ & 255));
            there.remove("line-1_" + name);
        }

        private void miss(Left left) {
            lateDeaths++;
            if (random.nextInt(3) > 0) {
                left.wire().die(left.bdSeq());
            }
            left.wire().link.ended(LATE, End.GONE);
        }
    }
}
