package dev.heliograph.ingest.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.sparkplug.EdgeNodeLink.End;
import dev.heliograph.ingest.sparkplug.EdgeNodesFixture.Wire;
import dev.heliograph.model.id.DeviceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Histories of one edge node that connects again and again: replaced connections that end before or after the new one speaks,
 * or linger; deaths that come late. The reference is a set of names: who was born by the connection that counts and has not died.
 */
class EdgeNodeHistoryTest {
    private static final int HISTORIES = 400;
    private static final int STEPS = 60;
    private static final List<String> DEVICES = List.of("a", "b", "c");

    @Test
    void givenHistoriesOfConnections_whenTheyAreOver_thenWhoIsOnlineIsWhoeverIsThere() {
        Tally tally = new Tally();
        for (int seed = 0; seed < HISTORIES; seed++) {
            new History(seed, tally).play();
        }

        assertThat(tally.takeovers).isGreaterThan(1_000);
        assertThat(tally.lateDeaths).isGreaterThan(200);
        assertThat(tally.offline).isGreaterThan(1_000);
    }

    private static final class Tally {
        private int takeovers;
        private int lateDeaths;
        private int offline;
    }

    private static final class History {
        private final int seed;
        private final Tally tally;
        private final Random random;
        private final EdgeNodesFixture fixture = new EdgeNodesFixture();
        private final List<Wire> lingering = new ArrayList<>();

        // Who the connection that counts knows to be there, and who was there when the gateway sent a former one away.
        private final Set<String> known = new TreeSet<>();
        private final Set<String> left = new TreeSet<>();
        private final Set<String> born = new HashSet<>();
        private Wire wire;
        private boolean isBorn;
        private int bdSeq;
        private int sequence;

        History(int seed, Tally tally) {
            this.seed = seed;
            this.tally = tally;
            this.random = new Random(seed);
            DEVICES.forEach(
                    name -> fixture.register(DeviceKey.of("acme", "line-1_" + name), Map.of("gateway", "line-1")));
            this.wire = fixture.connect();
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                int dice = random.nextInt(20);
                if (dice < 4 || !isBorn) {
                    birth();
                } else if (dice < 9) {
                    deviceBirth(DEVICES.get(random.nextInt(3)));
                } else if (dice < 11) {
                    deviceDeath(DEVICES.get(random.nextInt(3)));
                } else if (dice < 12) {
                    wire.send("NDEATH", Payloads.payload(fixture.nowMillis, null, Payloads.bdSeq(bdSeq)));
                    forgetAll();
                } else if (dice < 15) {
                    end();
                } else if (dice < 18) {
                    replace();
                } else if (!lingering.isEmpty()) {
                    lateDeath();
                }
                fixture.pass(Duration.ofMillis(500));
            }
            settle();
            Set<String> there = new TreeSet<>(known);
            there.addAll(left);
            assertThat(online()).as("seed %d", seed).isEqualTo(there);
        }

        private void birth() {
            bdSeq = bdSeq + 1 & 255;
            sequence = 1;
            wire.nodeBirth(bdSeq);
            isBorn = true;
            born.clear();
            add("line-1");
        }

        private void deviceBirth(String name) {
            wire.sendTo(
                    "spBv1.0/Plant/DBIRTH/Line 1/" + name,
                    Payloads.payload(fixture.nowMillis, sequence++ & 255, Payloads.born("flow", 2, 2.5)));
            add("line-1_" + name);
        }

        private void add(String name) {
            known.add(name);
            left.remove(name);
            born.add(name);
        }

        private void deviceDeath(String name) {
            wire.sendTo("spBv1.0/Plant/DDEATH/Line 1/" + name, Payloads.payload(fixture.nowMillis, sequence++ & 255));
            known.remove("line-1_" + name);
            left.remove("line-1_" + name);
            born.remove("line-1_" + name);
        }

        private void end() {
            switch (random.nextInt(3)) {
                case 0 -> {
                    wire.die(bdSeq);
                    wire.link.ended("connection lost", End.GONE);
                    forgetAll();
                }
                case 1 -> {
                    wire.link.ended("disconnected by the device", End.GONE);
                    forgetAll();
                }
                default -> {
                    wire.link.leaving();
                    wire.link.ended("the gateway is shutting down", End.SENT_AWAY);
                    left.addAll(known);
                    known.clear();
                    isBorn = false;
                }
            }
            wire = fixture.connect();
        }

        private void forgetAll() {
            tally.offline += known.size();
            known.clear();
            isBorn = false;
        }

        /** Another connection of the same device: the former is told to end, which may be before the new one speaks or after. */
        private void replace() {
            tally.takeovers++;
            Wire former = wire;
            wire = fixture.connect();
            switch (random.nextInt(3)) {
                case 0 -> {
                    former.link.ended("another connection uses this client id", End.REPLACED);
                    wire.link.mayPublish("spBv1.0/Plant/NDEATH/Line 1");
                }
                case 1 -> {
                    wire.link.mayPublish("spBv1.0/Plant/NDEATH/Line 1");
                    former.link.ended("another connection speaks for this edge node", End.REPLACED);
                }
                default -> {
                    wire.link.mayPublish("spBv1.0/Plant/NDEATH/Line 1");
                    lingering.add(former);
                }
            }
            isBorn = false;
        }

        private void lateDeath() {
            tally.lateDeaths++;
            Wire late = lingering.removeFirst();
            late.die(bdSeq);
            late.link.ended("nothing received for one and a half times the keep-alive", End.GONE);
        }

        /** Half a minute without a word: who has not come back with the last birth is gone. */
        private void settle() {
            fixture.pass(Duration.ofSeconds(32));
            if (isBorn) {
                known.retainAll(born);
            }
        }

        private Set<String> online() {
            Set<String> online = new TreeSet<>();
            for (String said : fixture.comings()) {
                String[] words = said.split(" ", 3);
                if (words[1].equals("online")) {
                    online.add(words[0]);
                } else {
                    online.remove(words[0]);
                }
            }
            return online;
        }
    }
}
