package dev.heliograph.ingest.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.sparkplug.Effect.Judged;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Histories of an edge node on a bad network: messages are lost, repeated and overtaken, the node dies and comes back with
 * other aliases, the host restarts. The reference is the node itself: it knows which value it measured of what and when. It
 * is naive where the host is not: it keeps everything for ever and looks at nobody's sequence numbers.
 */
class HostHistoryTest {
    private static final int HISTORIES = 3_000;
    private static final int STEPS = 150;
    private static final long STEP_MILLIS = 400;
    private static final String BIRTH_ON_ITS_WAY = "birth on its way";

    @Test
    void givenHistories_whenReplayed_thenNothingVanishesNothingIsMistakenAndAllIsWellInTheEnd() {
        Tally tally = new Tally();
        for (int seed = 0; seed < HISTORIES; seed++) {
            new History(seed, tally).play();
        }

        // The histories do reach what they are for.
        assertThat(tally.read).isGreaterThan(100_000);
        assertThat(tally.refused).isGreaterThan(1_000);
        assertThat(tally.resolved).isGreaterThan(3_000);
        assertThat(tally.rebirths).isGreaterThan(3_000);
        assertThat(tally.rifts).isGreaterThan(100);
        assertThat(tally.deaths).isGreaterThan(3_000);
    }

    private static final class Tally {
        private int read;
        private int refused;
        private int resolved;
        private int rebirths;
        private int rifts;
        private int deaths;
    }

    /** What a value was measured of, and when. */
    private record Truth(DeviceKey device, String metric, long micros) {}

    /** A message on its way, and what is true of it. */
    private record InFlight(long dueMillis, int order, int session, String type, byte[] payload) {}

    private static final class History {
        private final int seed;
        private final Tally tally;
        private final Random random;
        private double loss;
        private final boolean isCalm;
        private final boolean answers;
        private final Map<Double, Truth> truths = new HashMap<>();
        private final PriorityQueue<InFlight> network = new PriorityQueue<>(
                Comparator.comparingLong(InFlight::dueMillis).thenComparingInt(InFlight::order));
        private final Map<byte[], String> owed = new HashMap<>();
        private final Set<Double> mustBeRead = new HashSet<>();
        private final Set<Double> read = new HashSet<>();
        private HostFixture host;
        private long nowMillis = HostFixture.START;
        private int order;
        private double nextValue = 1;

        // The node.
        private boolean isConnected;
        private boolean isDeviceThere;
        private int session;
        private int sequence;
        private List<Long> aliases = new ArrayList<>();
        private long lastDueMillis;
        private long connectedMillis;

        // What the reference knows of the host: which births of the present session have reached it.
        private boolean nodeBorn;
        private boolean deviceBorn;
        private int lastBirth;

        History(int seed, Tally tally) {
            this.seed = seed;
            this.tally = tally;
            this.random = new Random(seed);
            this.loss = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.15;
            this.isCalm = random.nextBoolean();
            this.answers = random.nextInt(5) != 0;
            this.host = fixture();
        }

        private HostFixture fixture() {
            // With a calm network no loss is taken for a lost birth; with a rough one most are.
            HostLimits limits = new HostLimits(
                    4,
                    3,
                    100,
                    20,
                    200,
                    100_000,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(2),
                    isCalm ? 127 : 1,
                    Duration.ofSeconds(3),
                    3);
            HostFixture fixture = new HostFixture(limits);
            fixture.nowMillis = nowMillis;
            return fixture;
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                nowMillis += STEP_MILLIS;
                node(0.02);
                network(false);
                if (random.nextDouble() < 0.005) {
                    restart();
                }
                if (random.nextDouble() < 0.005) {
                    reconnect();
                }
                tick();
            }
            calmDown();
            end();
        }

        private void node(double churn) {
            if (!isConnected) {
                if (random.nextDouble() < 0.3) {
                    connect();
                }
                return;
            }
            double what = random.nextDouble();
            if (what < churn) {
                die();
            } else if (what < churn * 2) {
                isDeviceThere = !isDeviceThere;
                if (isDeviceThere) {
                    deviceBirth();
                } else {
                    send("DDEATH", Payloads.payload(nowMillis, next()));
                }
            } else {
                for (int i = random.nextInt(4); i > 0; i--) {
                    data();
                }
            }
        }

        private void connect() {
            isConnected = true;
            connectedMillis = lastDueMillis;
            session++;
            aliases = new ArrayList<>(List.of(0L, 1L, 2L, 3L, 4L, 5L));
            Collections.shuffle(aliases, random);
            birth();
        }

        private void birth() {
            nowMillis++;
            sequence = -1;
            send(
                    "NBIRTH",
                    Payloads.payload(nowMillis, next(), Payloads.bdSeq(session & 255), born(0), born(1), born(2)));
            if (isDeviceThere) {
                deviceBirth();
            }
        }

        private void deviceBirth() {
            nowMillis++;
            send("DBIRTH", Payloads.payload(nowMillis, next(), born(3), born(4), born(5)));
        }

        private Payloads.Metric born(int metric) {
            return Payloads.born("m" + metric, aliases.get(metric), measure(metric))
                    .time(nowMillis);
        }

        private double measure(int metric) {
            DeviceKey device = metric < 3 ? HostFixture.NODE : HostFixture.DEVICE;
            truths.put(nextValue, new Truth(device, "m" + metric, nowMillis * 1_000));
            return nextValue++;
        }

        private void data() {
            nowMillis++;
            boolean ofDevice = isDeviceThere && random.nextBoolean();
            int metric = random.nextInt(3) + (ofDevice ? 3 : 0);
            double value = measure(metric);
            byte[] payload = Payloads.payload(
                    nowMillis, next(), Payloads.data(aliases.get(metric), value).time(nowMillis));
            send(ofDevice ? "DDATA" : "NDATA", payload);
        }

        private int next() {
            sequence = sequence + 1 & 255;
            return sequence;
        }

        private void die() {
            isConnected = false;
            tally.deaths++;
            byte[] will = Payloads.payload(0L, null, Payloads.bdSeq(session & 255));
            lastDueMillis = Math.max(lastDueMillis, nowMillis);
            network.add(new InFlight(lastDueMillis, order++, session, "NDEATH", will));
        }

        /** Within a connection messages may overtake one another; a new connection begins after what is left of the old one. */
        private void send(String type, byte[] payload) {
            boolean isBirth = type.endsWith("BIRTH") || type.equals("DDEATH");
            if (isBirth) {
                network.add(new InFlight(nowMillis, order++, session, BIRTH_ON_ITS_WAY, payload));
            }
            if (random.nextDouble() < loss) {
                return;
            }
            long delay = loss > 0 && !isBirth && random.nextInt(10) == 0 ? random.nextInt(1_500) : 0;
            long due = isBirth ? Math.max(lastDueMillis, nowMillis) : Math.max(connectedMillis, nowMillis + delay);
            lastDueMillis = Math.max(lastDueMillis, due);
            network.add(new InFlight(due, order++, session, type, payload));
            if (loss > 0 && !isBirth && random.nextInt(20) == 0) {
                network.add(new InFlight(due, order++, session, type, payload.clone()));
            }
        }

        private void network(boolean isDown) {
            while (!network.isEmpty() && network.peek().dueMillis() <= nowMillis) {
                InFlight message = network.poll();
                if (!isDown) {
                    deliver(message);
                }
            }
        }

        private void deliver(InFlight message) {
            if (message.type().equals(BIRTH_ON_ITS_WAY)) {
                // Until it has come the host may doubt what it knows, for it sees the numbers begin anew.
                nodeBorn = false;
                deviceBorn = false;
                return;
            }
            switch (message.type()) {
                case "NBIRTH" -> {
                    nodeBorn = true;
                    deviceBorn = false;
                    lastBirth = message.order();
                }
                case "DBIRTH" -> deviceBorn = nodeBorn;
                case "DDEATH" -> deviceBorn = false;
                case "NDEATH" -> {
                    nodeBorn = false;
                    deviceBorn = false;
                }
                case "NDATA" -> expectIf(nodeBorn, message);
                case "DDATA" -> expectIf(deviceBorn, message);
                default -> throw new IllegalStateException(message.type());
            }
            owed.put(message.payload(), message.type());
            host.nowMillis = nowMillis;
            host.send(message.type(), message.payload());
            settle();
        }

        private void expectIf(boolean isBorn, InFlight message) {
            // What a birth has overtaken may be refused.
            if (isBorn && isCalm && message.order() > lastBirth) {
                try {
                    PayloadReader.read(message.payload(), 20).metrics().forEach(metric -> {
                        if (metric.value() instanceof Payload.Value.Real(double value)) {
                            mustBeRead.add(value);
                        }
                    });
                } catch (MalformedPayload impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        }

        private void tick() {
            host.nowMillis = nowMillis;
            host.done(host.host.tick(nowMillis * 1_000));
            settle();
        }

        /** Takes what the host has done so far and holds it against the truth. */
        private void settle() {
            for (Judged each : host.judged) {
                assertThat(owed.remove(each.arrival().message().payload()))
                        .as("history %d: each message is judged once", seed)
                        .isNotNull();
                each.outcome().readings().forEach(this::check);
                tally.refused += each.outcome().refusals().isEmpty() ? 0 : 1;
            }
            host.judged.clear();
            boolean isAsked = !host.asked.isEmpty();
            host.asked.clear();
            for (Effect.Note note : host.notes) {
                switch (note) {
                    case RESOLVED -> tally.resolved++;
                    case REBIRTH -> tally.rebirths++;
                    case GAP -> tally.rifts += isCalm ? 0 : 1;
                    default -> {
                        // Counted by the host alone.
                    }
                }
            }
            host.notes.clear();
            if (isAsked && isConnected && answers && (loss == 0 || random.nextInt(10) != 0)) {
                birth();
            }
        }

        private void check(Reading reading) {
            for (Sample sample : reading.samples()) {
                double value = ((Sample.Measurement) sample).value();
                assertThat(new Truth(reading.device(), sample.metric().value(), reading.timeMicros()))
                        .as("history %d: value %s", seed, value)
                        .isEqualTo(truths.get(value));
                read.add(value);
                tally.read++;
            }
        }

        /** The gateway loses all it knows; what waits is refused first. */
        private void restart() {
            reconnect();
            host = fixture();
        }

        private void reconnect() {
            host.done(host.host.disconnected("gone"));
            settle();
            nowMillis += random.nextInt(3_000);
            network(true);
            nodeBorn = false;
            deviceBorn = false;
            host.nowMillis = nowMillis;
            host.done(host.host.connected(nowMillis * 1_000));
            settle();
        }

        /** A good network and a node that answers: after a while everything is read at once. */
        private void calmDown() {
            if (!answers) {
                return;
            }
            loss = 0;
            nowMillis += 60_000;
            network(false);
            tick();
            if (!isConnected) {
                connect();
            }
            Set<Double> late = new HashSet<>();
            for (int step = 0; step < 400; step++) {
                nowMillis += STEP_MILLIS;
                double from = nextValue;
                data();
                network(false);
                host.nowMillis = nowMillis;
                host.done(host.host.tick(nowMillis * 1_000));
                settle();
                network(false);
                if (step >= 390) {
                    late.add(from);
                }
            }
            settle();
            assertThat(read).as("history %d: all is well in the end", seed).containsAll(late);
            assertThat(host.host.nodesOnline()).as("history %d", seed).isEqualTo(1);
            assertThat(host.host.held()).as("history %d", seed).isZero();
        }

        private void end() {
            nowMillis += 60_000;
            network(false);
            host.done(host.host.disconnected("the end"));
            settle();
            assertThat(owed).as("history %d: nothing vanishes", seed).isEmpty();
            assertThat(read)
                    .as("history %d: what a birth explains is read", seed)
                    .containsAll(mustBeRead);
        }
    }
}
