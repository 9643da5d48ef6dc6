package dev.heliograph.simulator.physics;

import dev.heliograph.model.reading.Sample;
import java.time.Duration;
import java.util.List;

/**
 * A variable-speed pump: flow follows speed, vibration its square (with a resonance), the bearing warms up behind it.
 *
 * <p>Bounds: 0 to 3,100 rpm, 0 to 420 l/min, 0.2 to 8 mm/s, bearing 10 to 75 °C.
 */
final class Pump implements DeviceModel {
    private static final long DEMAND_MILLIS = Duration.ofMinutes(20).toMillis();
    private static final long SHAFT_INERTIA_MILLIS = Duration.ofSeconds(30).toMillis();
    private static final long BEARING_INERTIA_MILLIS = Duration.ofMinutes(12).toMillis();
    private static final double NOMINAL_RPM = 2_900;
    private static final double RESONANCE_RPM = 1_850;

    private final Site site;
    private final Noise demand;
    private final Noise error;
    private final double wear;
    private final double litresPerRevolution;
    private final Inertia shaft;
    private final Inertia warmth;

    Pump(Site site, Noise noise) {
        this.site = site;
        this.demand = noise.named("demand");
        this.error = noise.named("error");
        this.wear = noise.named("wear").between(0, 0.8, 1.3);
        this.litresPerRevolution = noise.named("size").between(0, 0.09, 0.13);
        this.shaft = new Inertia(SHAFT_INERTIA_MILLIS, this::speedTarget);
        this.warmth = new Inertia(BEARING_INERTIA_MILLIS, this::heat);
    }

    @Override
    public List<Sample> samplesAt(long atMillis) {
        double speed = shaft.at(atMillis);
        double load = speed / NOMINAL_RPM;
        double resonance = 1.2 * Math.exp(-Math.pow((speed - RESONANCE_RPM) / 120, 2));
        double vibration = wear * (0.5 + 2.6 * load * load + resonance) * (1 + 0.05 * error.gaussian(atMillis));
        double bearing = 21 + 30 * wear * warmth.at(atMillis);
        return new Samples()
                .add(MetricSpec.FLOW, speed * litresPerRevolution * (1 + 0.01 * error.gaussian(atMillis + 1)))
                .add(MetricSpec.VIBRATION, Math.max(0.2, vibration))
                .add(MetricSpec.BEARING_TEMPERATURE, bearing + 0.1 * error.gaussian(atMillis + 2))
                .add(MetricSpec.SPEED, speed + 2 * error.gaussian(atMillis + 3))
                .toList();
    }

    private double heat(long atMillis) {
        return Math.pow(speedTarget(atMillis) / NOMINAL_RPM, 2);
    }

    private double speedTarget(long atMillis) {
        double hour = site.hourOfDay(atMillis);
        double byDay = 0.55 + 0.25 * Math.cos(2 * Math.PI * (hour - 14) / 24);
        double part = byDay + 0.12 * demand.gaussian(Math.floorDiv(atMillis, DEMAND_MILLIS));
        return NOMINAL_RPM * Math.clamp(part, 0.25, 1);
    }
}
