package dev.heliograph.simulator.physics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.reading.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A Monday in November at each site: every value within its bounds, and metrics that belong together move together. */
class SimulatedDayTest {
    private static final long SEED = 42;
    private static final long MONDAY = Instant.parse("2026-11-23T00:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;

    @ParameterizedTest
    @EnumSource(DeviceType.class)
    void givenSameSeed_whenAskedInAnotherOrder_thenSamplesAreTheSame(DeviceType type) {
        DeviceModel forwards = model(type, 0, SEED, "x");
        DeviceModel backwards = model(type, 0, SEED, "x");

        List<List<Sample>> first = minutes().mapToObj(forwards::samplesAt).toList();
        List<List<Sample>> second = minutes()
                .map(at -> 2 * MONDAY + 1_439 * MINUTE - at)
                .mapToObj(backwards::samplesAt)
                .toList();

        assertThat(second.reversed()).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(DeviceType.class)
    void givenAnotherSeedOrName_whenAsked_thenSamplesDiffer(DeviceType type) {
        List<Sample> samples = model(type, 0, SEED, "x").samplesAt(MONDAY + 720 * MINUTE);

        assertThat(model(type, 0, SEED + 1, "x").samplesAt(MONDAY + 720 * MINUTE))
                .isNotEqualTo(samples);
        assertThat(model(type, 0, SEED, "y").samplesAt(MONDAY + 720 * MINUTE)).isNotEqualTo(samples);
    }

    @ParameterizedTest
    @CsvSource({
        "BOILER,flow_temperature,15,95",
        "BOILER,return_temperature,5,90",
        "BOILER,pressure,1,2.5",
        "BOILER,power,0,30",
        "CLIMATE,temperature,8,45",
        "CLIMATE,humidity,5,100",
        "CLIMATE,co2,390,1700",
        "CLIMATE,occupancy,0,8",
        "METER,power,0.01,80",
        "METER,voltage,215,245",
        "METER,current,0.01,130",
        "METER,energy,20000,200000",
        "PUMP,flow,0,420",
        "PUMP,vibration,0.2,8",
        "PUMP,bearing_temperature,10,75",
        "PUMP,speed,0,3100",
        "WEATHER,outdoor_temperature,-30,45",
        "WEATHER,wind,0,40",
        "WEATHER,solar,0,1100",
    })
    void givenAnySite_whenADayPasses_thenTheMetricStaysWithinBounds(
            DeviceType type, String metric, double low, double high) {
        for (int site = 0; site < Site.ALL.size(); site++) {
            assertThat(series(type, site, metric))
                    .allSatisfy(value -> assertThat(value).isBetween(low, high));
        }
    }

    @Test
    void givenBoiler_whenADayPasses_thenReturnIsColderThanFlowAndTheBurnerCycles() {
        List<Double> flow = series(DeviceType.BOILER, 0, "flow_temperature");
        List<Double> back = series(DeviceType.BOILER, 0, "return_temperature");
        List<Double> running = series(DeviceType.BOILER, 0, "running");

        for (int i = 0; i < flow.size(); i++) {
            assertThat(back.get(i)).isLessThan(flow.get(i));
        }
        assertThat(switches(running)).isBetween(40, 200);
        assertThat(correlation(running, series(DeviceType.BOILER, 0, "power"))).isGreaterThan(0.9);
    }

    @Test
    void givenRoom_whenPeopleCome_thenCarbonDioxideFollowsWithInertia() {
        List<Double> people = series(DeviceType.CLIMATE, 2, "occupancy");
        List<Double> co2 = series(DeviceType.CLIMATE, 2, "co2");

        assertThat(correlation(people, co2)).isGreaterThan(0.8);
        assertThat(largestStep(co2)).isLessThan(80);
        assertThat(people.subList(0, 240)).containsOnly(0.0);
    }

    @Test
    void givenMeter_whenWeeksPass_thenTheCounterNeverGoesBackAndIsTheIntegralOfPower() {
        List<Double> energy = series(DeviceType.METER, 1, "energy");
        List<Double> power = series(DeviceType.METER, 1, "power");
        DeviceModel meter = model(DeviceType.METER, 1, SEED, "x");

        for (int i = 1; i < energy.size(); i++) {
            assertThat(energy.get(i)).isGreaterThanOrEqualTo(energy.get(i - 1));
        }
        double integral = power.stream().mapToDouble(p -> p / 60).sum();
        double counted = energy.getLast() - energy.getFirst();
        assertThat(integral).isBetween(counted * 0.97, counted * 1.03);
        List<Double> midnights = LongStream.range(0, 60)
                .mapToObj(day -> value(meter.samplesAt(MONDAY + day * 86_400_000 - 1), "energy"))
                .toList();
        assertThat(midnights).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void givenMeter_whenLoadRises_thenVoltageSagsAndCurrentRises() {
        List<Double> power = series(DeviceType.METER, 0, "power");

        assertThat(correlation(power, series(DeviceType.METER, 0, "current"))).isGreaterThan(0.99);
    }

    @Test
    void givenPump_whenSpeedChanges_thenFlowFollowsAtOnceAndTheBearingBehind() {
        List<Double> speed = series(DeviceType.PUMP, 0, "speed");
        List<Double> bearing = series(DeviceType.PUMP, 0, "bearing_temperature");

        assertThat(correlation(speed, series(DeviceType.PUMP, 0, "flow"))).isGreaterThan(0.98);
        assertThat(correlation(speed, bearing)).isGreaterThan(0.6);
        assertThat(largestStep(bearing)).isLessThan(5);
    }

    @Test
    void givenSitesFarNorthAndSouth_whenItIsNovember_thenTheSunIsStrongerAndTheAirWarmerInTheSouth() {
        double oslo = mean(series(DeviceType.WEATHER, 2, "solar"));
        double porto = mean(series(DeviceType.WEATHER, 3, "solar"));

        assertThat(porto).isGreaterThan(oslo);
        assertThat(series(DeviceType.WEATHER, 2, "solar").subList(0, 300)).containsOnly(0.0);
        assertThat(mean(series(DeviceType.WEATHER, 3, "outdoor_temperature")))
                .isGreaterThan(mean(series(DeviceType.WEATHER, 2, "outdoor_temperature")));
    }

    private static LongStream minutes() {
        return LongStream.range(0, 1_440).map(minute -> MONDAY + minute * MINUTE);
    }

    private static List<Double> series(DeviceType type, int site, String metric) {
        DeviceModel model = model(type, site, SEED, "x");
        return minutes().mapToObj(at -> value(model.samplesAt(at), metric)).toList();
    }

    private static DeviceModel model(DeviceType type, int site, long seed, String device) {
        Noise fleet = Noise.ofSeed(seed);
        Site place = Site.ALL.get(site);
        return type.model(place, new SiteWeather(place, fleet), fleet.named(device));
    }

    private static double value(List<Sample> samples, String metric) {
        for (Sample sample : samples) {
            if (sample.metric().value().equals(metric)) {
                return switch (sample) {
                    case Sample.Measurement m -> m.value();
                    case Sample.Flag f -> f.asMeasurement();
                    case Sample.State s -> s.text().hashCode();
                };
            }
        }
        throw new IllegalArgumentException("no metric " + metric + " in " + samples);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElseThrow();
    }

    private static int switches(List<Double> values) {
        int switches = 0;
        for (int i = 1; i < values.size(); i++) {
            switches += values.get(i).equals(values.get(i - 1)) ? 0 : 1;
        }
        return switches;
    }

    private static double largestStep(List<Double> values) {
        double largest = 0;
        for (int i = 1; i < values.size(); i++) {
            largest = Math.max(largest, Math.abs(values.get(i) - values.get(i - 1)));
        }
        return largest;
    }

    private static double correlation(List<Double> left, List<Double> right) {
        double leftMean = mean(left);
        double rightMean = mean(right);
        List<Double> products = new ArrayList<>();
        double leftSquares = 0;
        double rightSquares = 0;
        for (int i = 0; i < left.size(); i++) {
            double l = left.get(i) - leftMean;
            double r = right.get(i) - rightMean;
            products.add(l * r);
            leftSquares += l * l;
            rightSquares += r * r;
        }
        return products.stream().mapToDouble(v -> v).sum() / Math.sqrt(leftSquares * rightSquares);
    }
}
