package dev.heliograph.model.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DevicePresenceTest {
    private static final int HISTORIES = 2_000;
    private static final long SECOND = 1_000_000;
    private static final long HOUR = 3_600 * SECOND;
    private static final long T0 = 1_790_000_000L * SECOND;

    private final DevicePresence presence = new DevicePresence(PresencePolicy.DEFAULT);

    /** What an observer with the whole history would say, from the definitions alone. */
    private static final class Naive {
        private final List<Long> arrivals = new ArrayList<>();
        private @Nullable Duration declared;
        private @Nullable Boolean connected;
        private long sessionAt = Long.MIN_VALUE;

        PresenceState at(long now) {
            long lastSeen = arrivals.isEmpty() ? Long.MIN_VALUE : arrivals.getLast();
            if (Boolean.FALSE.equals(connected) && sessionAt >= lastSeen) {
                return PresenceState.OFFLINE;
            }
            if (arrivals.isEmpty()) {
                return PresenceState.UNKNOWN;
            }
            double expected = Math.max(2 * SECOND, expected());
            double age = now - lastSeen;
            return age > Math.floor(3 * expected)
                    ? PresenceState.SILENT
                    : age > Math.floor(1.5 * expected) ? PresenceState.LATE : PresenceState.REPORTING;
        }

        private long expected() {
            if (declared != null) {
                return declared.toNanos() / 1_000;
            }
            List<Long> gaps = new ArrayList<>();
            for (int i = Math.max(1, arrivals.size() - 9); i < arrivals.size(); i++) {
                gaps.add(arrivals.get(i) - arrivals.get(i - 1));
            }
            if (gaps.size() < 3) {
                return 60 * SECOND;
            }
            gaps.sort(null);
            return gaps.get(gaps.size() / 2);
        }
    }

    @Test
    void givenManyHistories_whenEvaluated_thenTheStateIsThatOfTheDefinitions() {
        int changes = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            changes += playAgainstTheDefinitions(seed);
        }
        assertThat(changes).isGreaterThan(HISTORIES * 5);
    }

    private static int playAgainstTheDefinitions(int seed) {
        Random random = new Random(seed);
        Naive naive = new Naive();
        DevicePresence tracked = new DevicePresence(PresencePolicy.DEFAULT);
        long now = T0;
        int changes = 0;
        PresenceState before = PresenceState.UNKNOWN;
        for (int i = 0; i < 100; i++) {
            now += random.nextInt(5) == 0 ? random.nextLong(200 * SECOND) : 1 + random.nextLong(12 * SECOND);
            int dice = random.nextInt(20);
            if (dice < 12) {
                naive.arrivals.add(now);
                tracked.onReading(now, now - random.nextLong(SECOND), now);
            } else if (dice < 15) {
                boolean connected = random.nextBoolean();
                naive.connected = connected;
                naive.sessionAt = now;
                tracked.onSession(connected, now, null, now);
            } else if (dice == 15) {
                naive.declared = random.nextBoolean() ? Duration.ofSeconds(1 + random.nextInt(30)) : null;
                tracked.declareInterval(naive.declared);
            } else if (dice == 16) {
                tracked = restarted(tracked, naive.declared);
            }

            var change = tracked.evaluate(now, false);

            assertThat(tracked.state()).as("seed %d, step %d", seed, i).isEqualTo(naive.at(now));
            assertThat(change.isPresent()).as("seed %d, step %d", seed, i).isEqualTo(before != tracked.state());
            changes += change.isPresent() ? 1 : 0;
            before = tracked.state();
            checkDue(seed, tracked, naive, now);
        }
        return changes;
    }

    /** Just before the due time nothing has changed; at it, something has. */
    private static void checkDue(int seed, DevicePresence tracked, Naive naive, long now) {
        long due = tracked.dueMicros();
        if (due != Long.MAX_VALUE && due > now) {
            assertThat(naive.at(due - 1)).as("seed %d before due", seed).isEqualTo(tracked.state());
            assertThat(naive.at(due)).as("seed %d at due", seed).isNotEqualTo(tracked.state());
        }
    }

    private static DevicePresence restarted(DevicePresence tracked, @Nullable Duration declared) {
        StateWriter out = new StateWriter();
        tracked.writeTo(out);
        DevicePresence read = DevicePresence.readFrom(new StateReader(out.toBytes()), PresencePolicy.DEFAULT);
        read.declareInterval(declared);
        return read;
    }

    @Test
    void givenAPipelineBehind_whenReadingsAreMissing_thenTheDeviceIsNotCalledLate() {
        presence.onReading(T0, T0, T0);
        presence.evaluate(T0, false);

        assertThat(presence.evaluate(T0 + 600 * SECOND, true)).isEmpty();
        assertThat(presence.evaluate(T0 + 600 * SECOND, false))
                .hasValue(new PresenceChange(PresenceState.SILENT, PresenceState.REPORTING, T0 + 180 * SECOND));
    }

    @Test
    void givenASilentDevice_whenThePipelineFallsBehind_thenItStaysSilent() {
        presence.onReading(T0, T0, T0);
        presence.evaluate(T0 + 600 * SECOND, false);

        assertThat(presence.evaluate(T0 + 601 * SECOND, true)).isEmpty();
        assertThat(presence.state()).isEqualTo(PresenceState.SILENT);
    }

    @Test
    void givenAnEndedSession_whenItStandsAgainBeforeAReading_thenTheStateBeginsNoEarlierThanTheOneItFollows() {
        presence.onReading(T0, T0, T0);
        presence.evaluate(T0, false);
        presence.onSession(false, T0 + 5 * SECOND, null, T0 + 5 * SECOND);
        presence.evaluate(T0 + 5 * SECOND, false);
        presence.onSession(true, T0 + 6 * SECOND, null, T0 + 6 * SECOND);

        assertThat(presence.evaluate(T0 + 6 * SECOND, false))
                .hasValue(new PresenceChange(PresenceState.REPORTING, PresenceState.OFFLINE, T0 + 5 * SECOND));
    }

    @Test
    void givenAnEndOfAnOlderSession_whenItArrivesLate_thenItIsIgnored() {
        presence.onSession(true, T0 + 10, null, T0 + 10);
        presence.onSession(false, T0, null, T0);

        assertThat(presence.connected()).isTrue();
    }

    @Test
    void givenADeviceThatMovedToAnotherGateway_whenItsOldConnectionEnds_thenItIsStillThere() {
        presence.onReading(T0, T0, T0);
        presence.onSession(true, T0, T0, T0);
        presence.onSession(true, T0 + 5 * SECOND, T0 + 5 * SECOND, T0 + 5 * SECOND);

        presence.onSession(false, T0 + 50 * SECOND, T0, T0 + 50 * SECOND);

        assertThat(presence.connected()).isTrue();
        assertThat(presence.evaluate(T0 + 50 * SECOND, false))
                .hasValueSatisfying(change -> assertThat(change.state()).isEqualTo(PresenceState.REPORTING));
    }

    @Test
    void givenADeviceThatMovedToAnotherGateway_whenItsNewConnectionEnds_thenItIsOffline() {
        presence.onReading(T0, T0, T0);
        presence.onSession(true, T0, T0, T0);
        presence.onSession(true, T0 + 5 * SECOND, T0 + 5 * SECOND, T0 + 5 * SECOND);
        DevicePresence afterARestart = restarted(presence, null);

        afterARestart.onSession(false, T0 + 40 * SECOND, T0, T0 + 40 * SECOND);
        assertThat(afterARestart.connected()).isTrue();
        afterARestart.onSession(false, T0 + 50 * SECOND, T0 + 5 * SECOND, T0 + 50 * SECOND);
        afterARestart.evaluate(T0 + 50 * SECOND, false);

        assertThat(afterARestart.state()).isEqualTo(PresenceState.OFFLINE);
    }

    @Test
    void givenAConnection_whenTheDeviceSaysThatItGoes_thenItIsOffline() {
        presence.onReading(T0, T0, T0);
        presence.onSession(true, T0, T0, T0);

        presence.onSession(false, T0 + SECOND, null, T0 + SECOND);
        presence.evaluate(T0 + SECOND, false);

        assertThat(presence.state()).isEqualTo(PresenceState.OFFLINE);
    }

    @Test
    void givenReadingsOfOneMessage_whenReceivedTogether_thenTheyTeachNoInterval() {
        for (int i = 0; i < 10; i++) {
            presence.onReading(T0, T0 + i, T0);
        }

        assertThat(presence.expectedInterval()).isNull();
    }

    @Test
    void givenAGatewayAnHourAhead_whenItsClockIsPutRight_thenWhatIsToldAfterwardsCounts() {
        presence.onReading(T0, T0, T0);
        presence.onSession(true, T0 + HOUR, T0 + HOUR, T0);
        presence.onSession(false, T0 + HOUR + SECOND, T0 + HOUR, T0 + SECOND);

        presence.onSession(true, T0 + 2 * SECOND, T0 + 2 * SECOND, T0 + 2 * SECOND);
        presence.onReading(T0 + 3 * SECOND, T0, T0 + 3 * SECOND);
        presence.evaluate(T0 + 3 * SECOND, false);

        assertThat(presence.connected()).isTrue();
        assertThat(presence.state()).isEqualTo(PresenceState.REPORTING);
    }

    @Test
    void givenADeviceThatMovedFromAGatewayAnHourAhead_whenItsOldConnectionEnds_thenItIsStillThere() {
        presence.onReading(T0, T0, T0);
        presence.onSession(true, T0 + HOUR, T0 + HOUR, T0);
        presence.onSession(true, T0 + 5 * SECOND, T0 + 5 * SECOND, T0 + 5 * SECOND);

        presence.onSession(false, T0 + 50 * SECOND + HOUR, T0 + HOUR, T0 + 50 * SECOND);
        presence.evaluate(T0 + 50 * SECOND, false);

        assertThat(presence.state()).isEqualTo(PresenceState.REPORTING);
    }

    @Test
    void givenADeviceThatMoved_whenTheOldGatewayTellsOfItsConnectionLate_thenTheNewOneStaysItsSession() {
        presence.onReading(T0, T0, T0);
        presence.onSession(true, T0 + 5 * SECOND, T0 + 5 * SECOND, T0 + 5 * SECOND);

        presence.onSession(true, T0, T0, T0 + 6 * SECOND);
        presence.onSession(false, T0 + 7 * SECOND, T0, T0 + 7 * SECOND);
        presence.evaluate(T0 + 7 * SECOND, false);

        assertThat(presence.state()).isEqualTo(PresenceState.REPORTING);
    }

    /**
     * A device goes from gateway to gateway, whose clocks are right within a fifth of a second or wrong by hours, and are set now
     * and then; it leaves connections behind that end later.
     */
    @Test
    void givenGatewaysWithWrongClocks_whenADeviceMovesAmongThem_thenItIsOfflineOnlyWhenItHasGone() {
        int ends = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            ends += new Wanderer(seed).wander();
        }
        assertThat(ends).isGreaterThan(HISTORIES);
    }

    /** One such device. */
    private static final class Wanderer {
        private final int seed;
        private final Random random;
        private final long[] ahead = new long[3];
        private final DevicePresence tracked = new DevicePresence(PresencePolicy.DEFAULT);
        private final List<Stay> leftBehind = new ArrayList<>();
        private @Nullable Stay stay;
        private long now = T0;

        /** A connection to a gateway, by whose clock it began then. */
        private record Stay(int gateway, long began) {}

        Wanderer(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        int wander() {
            int ends = 0;
            for (int i = 0; i < 100; i++) {
                now += 2 * SECOND + random.nextLong(10 * SECOND);
                Stay current = stay;
                switch (random.nextInt(8)) {
                    case 0 ->
                        ahead[random.nextInt(3)] = (random.nextInt(5) - 2) * HOUR + random.nextLong(400_000) - 200_000;
                    case 1, 2 -> connect(current);
                    case 3 -> {
                        if (!leftBehind.isEmpty()) {
                            end(leftBehind.remove(random.nextInt(leftBehind.size())));
                        }
                    }
                    case 4 -> {
                        if (current != null) {
                            ends += leave(current);
                        }
                    }
                    default -> {
                        if (current != null) {
                            tracked.onReading(now + ahead[current.gateway], now, now);
                        }
                    }
                }
                tracked.evaluate(now, false);
                if (stay != null) {
                    assertThat(tracked.state()).as("seed %d, step %d", seed, i).isNotEqualTo(PresenceState.OFFLINE);
                }
            }
            return ends;
        }

        private void connect(@Nullable Stay former) {
            if (former != null) {
                leftBehind.add(former);
            }
            int gateway = random.nextInt(3);
            long began = now + ahead[gateway];
            stay = new Stay(gateway, began);
            tracked.onSession(true, began, began, now);
        }

        private void end(Stay ended) {
            tracked.onSession(false, now + ahead[ended.gateway], ended.began, now);
        }

        /** A gateway whose clock is behind tells of an end before the last reading: such a device falls silent. */
        private int leave(Stay current) {
            end(current);
            stay = null;
            tracked.evaluate(now, false);
            if (ahead[current.gateway] < -SECOND || tracked.lastSeenMicros() == null) {
                return 0;
            }
            assertThat(tracked.state()).as("seed %d", seed).isEqualTo(PresenceState.OFFLINE);
            return 1;
        }
    }
}
