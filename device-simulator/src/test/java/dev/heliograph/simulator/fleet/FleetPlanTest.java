package dev.heliograph.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.simulator.physics.Noise;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class FleetPlanTest {
    private static final Duration BASE = Duration.ofSeconds(5);
    private static final long NOW_MILLIS = 1_790_000_000_000L;

    @Test
    void givenFleet_whenItGrows_thenTheFirstDevicesStayTheSame() {
        FleetPlan small = FleetPlan.of(40, 1, BASE, null);
        FleetPlan large = FleetPlan.of(400, 1, BASE, null);

        assertThat(large.devices().subList(0, 40)).isEqualTo(small.devices());
        for (int i = 0; i < 40; i++) {
            assertThat(large.members().get(i).model().samplesAt(NOW_MILLIS))
                    .isEqualTo(small.members().get(i).model().samplesAt(NOW_MILLIS));
        }
    }

    @Test
    void givenFortyDevices_whenPlanned_thenIdsAreUniqueAndEverySiteHasEveryType() {
        List<SimulatedDevice> devices = FleetPlan.of(40, 1, BASE, null).devices();

        assertThat(devices).extracting(SimulatedDevice::id).doesNotHaveDuplicates();
        assertThat(devices.stream().map(d -> d.type() + "@" + d.site().id()).collect(Collectors.toSet()))
                .hasSize(5 * 4);
    }

    @Test
    void givenBaseInterval_whenPlanned_thenThePaceVariesByType() {
        List<SimulatedDevice> devices = FleetPlan.of(10, 1, BASE, null).devices();

        assertThat(devices)
                .extracting(SimulatedDevice::type, SimulatedDevice::interval)
                .contains(Tuple.tuple("pump", Duration.ofSeconds(2)), Tuple.tuple("weather", Duration.ofSeconds(30)));
    }

    @Test
    void givenRate_whenPlanned_thenAllDevicesShareIt() {
        List<SimulatedDevice> devices = FleetPlan.of(200, 1, BASE, 1_000.0).devices();

        assertThat(devices).allSatisfy(d -> assertThat(d.interval()).isEqualTo(Duration.ofMillis(200)));
    }

    @Test
    void givenSchedule_whenAskedFromAnyInstant_thenDuesLieOnOneGrid() {
        Schedule schedule = new Schedule(1_300, 5_000);

        assertThat(schedule.firstDueMicros(0)).isEqualTo(1_300);
        assertThat(schedule.firstDueMicros(1_300)).isEqualTo(1_300);
        assertThat(schedule.firstDueMicros(1_301)).isEqualTo(6_300);
        assertThat(schedule.next(6_300)).isEqualTo(11_300);
    }

    @Test
    void givenManyDevices_whenScheduled_thenTheirPhasesAreSpread() {
        Noise fleet = Noise.ofSeed(1);
        long[] quarters = new long[4];

        for (int i = 0; i < 1_000; i++) {
            quarters[(int) (Schedule.of(BASE, fleet.named("device/" + i)).phaseMicros() * 4 / 5_000_000)]++;
        }

        assertThat(Arrays.stream(quarters).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(190L, 310L));
    }

    @Test
    void givenImpossibleSchedule_whenMade_thenItIsRefused() {
        assertThatThrownBy(() -> new Schedule(0, 999)).hasMessageContaining("1 ms");
        assertThatThrownBy(() -> new Schedule(5_000, 5_000)).hasMessageContaining("phase");
    }
}
