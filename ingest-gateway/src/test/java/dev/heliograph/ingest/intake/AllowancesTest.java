package dev.heliograph.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.model.id.DeviceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limiter in virtual time. */
class AllowancesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");

    private long now = 1_000;

    @ParameterizedTest
    @CsvSource({
        "device-messages-per-second=10, DEVICE, MESSAGES, 10",
        "device-measurements-per-second=20, DEVICE, MEASUREMENTS, 20",
        "device-bytes-per-second=1000, DEVICE, BYTES, 1000",
        "tenant-messages-per-second=10, TENANT, MESSAGES, 10",
        "tenant-measurements-per-second=20, TENANT, MEASUREMENTS, 20",
        "tenant-bytes-per-second=1000, TENANT, BYTES, 1000",
        "instance-messages-per-second=10, INSTANCE, MESSAGES, 10",
        "instance-measurements-per-second=20, INSTANCE, MEASUREMENTS, 20",
        "instance-bytes-per-second=1000, INSTANCE, BYTES, 1000",
    })
    void givenOneLimit_whenSentTooFast_thenThatLimitIsNamedAndItsRateIsKept(
            String setting, Excess.Scope scope, Quantity quantity, long perSecond) {
        Allowance allowance = allowances(setting, "burst=1s").of(DEVICE);
        Excess named = null;
        int taken = 0;

        // 100 messages a second of two measurements and 100 bytes each, for 60 seconds: ten times each of the limits.
        for (int i = 0; i < 6_000; i++) {
            now += SECOND / 100;
            Excess excess = allowance.tryTake(100);
            if (excess == null) {
                taken++;
                allowance.measured(2);
            } else {
                named = excess;
            }
        }

        assertThat(named).isNotNull();
        assertThat(named.scope()).isEqualTo(scope);
        assertThat(named.quantity()).isEqualTo(quantity);
        assertThat(named.perSecond()).isEqualTo(perSecond);
        assertThat(named.waitNanos()).isPositive().isLessThanOrEqualTo(SECOND);
        assertThat(taken).as("ten a second and the burst").isBetween(600, 621);
    }

    @Test
    void givenDevicesThatBringHistory_whenTogetherTooFast_thenOnlyHistoryIsHeldUp() {
        Allowances allowances = allowances("history-measurements-per-second=100");
        DeviceKey[] devices = {DEVICE, DeviceKey.of("demo", "pump-1"), DeviceKey.of("other", "meter-2")};
        Excess named = null;
        int history = 0;
        int live = 0;

        // Each second and device 10 messages of history of 20 measurements, six times the limit, and 10 live ones.
        for (int i = 0; i < 600; i++) {
            now += SECOND / 10;
            for (DeviceKey device : devices) {
                Excess excess = allowances.ofHistory(device).tryTake(100);
                if (excess == null) {
                    allowances.ofHistory(device).measured(20);
                    history += 20;
                } else {
                    named = excess;
                }
                Allowance present = allowances.of(device);
                live += present.tryTake(100) == null ? 1 : 0;
                present.measured(1);
            }
        }

        assertThat(history)
                .as("100 a second for a minute, a second's burst, an overdraft")
                .isBetween(5_900, 6_160);
        assertThat(live).isEqualTo(1_800);
        assertThat(named).isNotNull();
        assertThat(named.scope()).isEqualTo(Excess.Scope.HISTORY);
        assertThat(named.describe()).isEqualTo("over the limit of 100 measurements per second of the history");
        assertThat(named.waitSeconds()).isEqualTo(1);
    }

    @Test
    void givenADeviceAtItsOwnLimit_whenItBringsHistory_thenThatLimitHoldsToo() {
        Allowances allowances = allowances("device-messages-per-second=1", "burst=1s");

        assertThat(allowances.of(DEVICE).tryTake(1)).isNull();
        Excess excess = allowances.ofHistory(DEVICE).tryTake(1);

        assertThat(excess).isNotNull();
        assertThat(excess.scope()).isEqualTo(Excess.Scope.DEVICE);
    }

    @Test
    void givenAWait_whenItIsKept_thenTheNextMessagePasses() {
        Allowance allowance = allowances("device-messages-per-second=10", "device-bytes-per-second=1000", "burst=1s")
                .of(DEVICE);
        Random random = new Random(7);

        for (int i = 0; i < 2_000; i++) {
            Excess excess = allowance.tryTake(random.nextInt(3_000));
            if (excess != null) {
                now += excess.waitNanos();
                assertThat(allowance.tryTake(1)).as("message %d", i).isNull();
            }
        }
    }

    @Test
    void givenAMessageLargerThanTheBurst_whenSent_thenItPassesOnceAndIsPaidFor() {
        Allowance allowance =
                allowances("device-bytes-per-second=1000", "burst=1s").of(DEVICE);

        assertThat(allowance.tryTake(10_000)).isNull();

        Excess excess = allowance.tryTake(1);
        assertThat(excess).isNotNull();
        assertThat(excess.waitSeconds()).isBetween(9L, 10L);
        now += 9 * SECOND + SECOND / 100;
        assertThat(allowance.tryTake(1)).isNull();
    }

    @Test
    void givenCredit_whenOverTheRate_thenEverythingIsTakenAndTheSenderHeldUpToItsRate() {
        Allowance allowance =
                allowances("device-messages-per-second=10", "burst=1s").of(DEVICE);
        long began = now;
        int sent = 0;

        while (now - began < 60 * SECOND) {
            // As the endpoint: one read brings up to 50 messages, then it waits as long as the last of them said.
            long wait = 0;
            for (int i = 0; i < 50; i++) {
                Excess excess = allowance.takeOnCredit(10);
                wait = excess == null ? wait : excess.waitNanos();
                sent++;
            }
            now += Math.max(wait, 1_000);
        }

        assertThat(sent / 60.0).as("messages a second").isCloseTo(10, Percentage.withPercentage(11));
    }

    @Test
    void givenAHotDevice_whenOthersKeepTheirRate_thenOnlyItIsRefused() {
        Allowances allowances = allowances("device-messages-per-second=100", "burst=5s");
        Map<String, Integer> refused = new HashMap<>();

        // F42: one device sends 1,000 messages a second, twenty others 50, for a minute.
        for (int tick = 0; tick < 60_000; tick++) {
            now += SECOND / 1_000;
            offer(allowances, DeviceKey.of("demo", "hot"), refused);
            if (tick % 20 == 0) {
                for (int i = 0; i < 20; i++) {
                    offer(allowances, DeviceKey.of("demo", "d" + i), refused);
                }
            }
        }

        assertThat(refused.keySet()).containsExactly("demo/hot");
        assertThat(refused.get("demo/hot")).isCloseTo(53_500, Percentage.withPercentage(1));
    }

    @Test
    void givenANoisyTenant_whenOthersKeepTheirRate_thenOnlyItIsRefused() {
        Allowances allowances = allowances("tenant-messages-per-second=1000", "burst=1s");
        Map<String, Integer> refused = new HashMap<>();

        // F43: a tenant sends ten times its quota over a hundred devices; another sends half of its own.
        for (int tick = 0; tick < 10_000; tick++) {
            now += SECOND / 1_000;
            for (int i = 0; i < 10; i++) {
                offer(allowances, DeviceKey.of("noisy", "d" + (tick * 10 + i) % 100), refused);
            }
            if (tick % 2 == 0) {
                offer(allowances, DeviceKey.of("quiet", "d" + tick % 100), refused);
            }
        }

        assertThat(refused.keySet()).allMatch(device -> device.startsWith("noisy/"));
        int taken =
                100_000 - refused.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(taken).as("of the noisy tenant, in ten seconds").isBetween(10_000, 11_010);
    }

    @Test
    void givenAFullInstance_whenTenantsAreUnequal_thenThoseBelowTheirEqualPartLoseNothing() {
        Allowances allowances = allowances("instance-messages-per-second=1000", "burst=1s");
        Map<String, Integer> refused = new HashMap<>();
        int[] offered = new int[4];
        List<DeviceKey> devices = new ArrayList<>();
        for (int tenant = 0; tenant < 4; tenant++) {
            devices.add(DeviceKey.of("t" + tenant, "d"));
        }
        // t0 sends 5,000 a second, t1 2,000, t2 200, t3 100: the equal part is 250.
        int[] everyMicros = {200, 500, 5_000, 10_000};

        for (int micros = 0; micros < 20_000_000; micros += 100) {
            now += 100_000;
            for (int tenant = 0; tenant < 4; tenant++) {
                if (micros % everyMicros[tenant] == 0) {
                    offered[tenant]++;
                    offer(allowances, devices.get(tenant), refused);
                }
            }
        }

        assertThat(refused).doesNotContainKeys("t2/d", "t3/d");
        int hot = offered[0] - refused.get("t0/d");
        int warm = offered[1] - refused.get("t1/d");
        assertThat(hot + warm + offered[2] + offered[3])
                .as("all, in twenty seconds")
                .isCloseTo(20_000, Percentage.withPercentage(7));
        assertThat(warm).as("its equal part at least").isGreaterThan(20 * 240);
    }

    @Test
    void givenNoLimits_whenSent_thenNothingIsRefused() {
        Allowance allowance = new Allowances(TestSettings.noLimits(), new InFlightBudget(10, 10), () -> now).of(DEVICE);

        for (int i = 0; i < 10_000; i++) {
            assertThat(allowance.tryTake(1_000_000)).isNull();
        }
    }

    @Test
    void givenAnExcess_whenDescribed_thenItSaysWhichLimitAndWhenToComeAgain() {
        Excess excess = new Excess(Excess.Scope.TENANT, Quantity.BYTES, 5, 1_500_000_000L);

        assertThat(excess.describe()).isEqualTo("over the limit of 5 bytes per second of the tenant");
        assertThat(excess.waitSeconds()).isEqualTo(2);
    }

    private Allowances allowances(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "device-messages-per-second=0",
                "device-measurements-per-second=0",
                "device-bytes-per-second=0",
                "tenant-messages-per-second=0",
                "tenant-measurements-per-second=0",
                "tenant-bytes-per-second=0"));
        all.addAll(List.of(settings));
        return new Allowances(
                TestSettings.limits(all.toArray(String[]::new)), new InFlightBudget(1_000, 1_000_000), () -> now);
    }

    private static void offer(Allowances allowances, DeviceKey device, Map<String, Integer> refused) {
        if (allowances.of(device).tryTake(10) != null) {
            refused.merge(device.toString(), 1, Integer::sum);
        }
    }
}
