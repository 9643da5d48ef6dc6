package dev.heliograph.stream.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DuePlanTest {
    @Test
    void givenManyHistories_whenPlanned_thenEachDeviceIsDueAsANaivePlanSays() {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            DuePlan plan = new DuePlan();
            NaivePlan naive = new NaivePlan();
            long now = 0;
            for (int step = 0; step < 300; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3 -> {
                        String device = "d" + random.nextInt(40);
                        long due = time(random, now);
                        long wallDue = time(random, now);
                        plan.plan(device, due, wallDue);
                        naive.plan(device, due, wallDue);
                    }
                    case 4 -> now += random.nextInt(50);
                    case 5 -> {
                        if (random.nextInt(10) == 0) {
                            plan.wakeAll(now);
                            naive.wakeAll(now);
                        }
                    }
                    default -> {
                        boolean behind = random.nextBoolean();

                        String next = plan.next(now, behind);

                        naive.take(next, now, behind, "seed " + seed + ", step " + step);
                    }
                }
                assertThat(plan.devices()).isEqualTo(naive.times.size());
            }
        }
    }

    @Test
    void givenDevicesThatWaitForThePipeline_whenItIsBehind_thenNoneIsDueUntilItIsNot() {
        DuePlan plan = new DuePlan();
        plan.plan("silent", DuePlan.NEVER, 10);
        plan.plan("told", 20, 15);

        assertThat(plan.next(30, true)).isEqualTo("told");
        assertThat(plan.next(30, true)).isNull();
        assertThat(plan.next(30, false)).isEqualTo("silent");
        assertThat(plan.next(30, false)).isNull();
    }

    @Test
    void givenALaterTime_whenPlannedAgain_thenTheEarlierOneIsForgotten() {
        DuePlan plan = new DuePlan();
        plan.plan("reporting", DuePlan.NEVER, 10);
        plan.plan("reporting", DuePlan.NEVER, 25);

        assertThat(plan.next(24, false)).isNull();
        assertThat(plan.next(25, false)).isEqualTo("reporting");
    }

    @Test
    void givenOpenMinutes_whenTheyChange_thenTheirSumFollows() {
        DuePlan plan = new DuePlan();

        plan.noteOpen("one", 3);
        plan.noteOpen("other", 2);
        plan.noteOpen("one", 1);

        assertThat(plan.openMinutes()).isEqualTo(3);
    }

    private static long time(SplittableRandom random, long now) {
        return random.nextInt(4) == 0 ? DuePlan.NEVER : now + random.nextInt(100);
    }

    /** Looks through all devices each time. */
    private static final class NaivePlan {
        private static final int DUE = 0;
        private static final int WALL_DUE = 1;

        private final Map<String, long[]> times = new HashMap<>();

        void plan(String device, long due, long wallDue) {
            times.put(device, new long[] {due, wallDue});
        }

        void wakeAll(long now) {
            times.values().forEach(time -> time[DUE] = now);
        }

        void take(String next, long now, boolean behind, String where) {
            List<String> first = earliest(DUE, now);
            if (first.isEmpty() && !behind) {
                first = earliest(WALL_DUE, now);
            }
            if (first.isEmpty()) {
                assertThat(next).as(where).isNull();
            } else {
                assertThat(next).as(where).isIn(first);
                plan(next, DuePlan.NEVER, DuePlan.NEVER);
            }
        }

        private List<String> earliest(int which, long now) {
            long earliest =
                    times.values().stream().mapToLong(time -> time[which]).min().orElse(DuePlan.NEVER);
            List<String> devices = new ArrayList<>();
            if (earliest <= now) {
                times.forEach((device, time) -> {
                    if (time[which] == earliest) {
                        devices.add(device);
                    }
                });
            }
            return devices;
        }
    }
}
