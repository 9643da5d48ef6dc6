package dev.heliograph.simulator.physics;

import dev.heliograph.model.reading.Sample;
import java.time.Duration;
import java.util.List;

/**
 * A heating boiler: the colder it is outdoors, the hotter the water and the longer the burner runs in each cycle.
 *
 * <p>Bounds: flow 15 to 95 °C, return always below flow, pressure 1 to 2.5 bar, power 0 to 30 kW.
 */
final class Boiler implements DeviceModel {
    private static final long CYCLE_MILLIS = Duration.ofMinutes(18).toMillis();
    private static final long WATER_INERTIA_MILLIS = Duration.ofMinutes(4).toMillis();
    private static final long CIRCUIT_INERTIA_MILLIS = Duration.ofMinutes(2).toMillis();
    private static final double HOT_WATER_FLOW_CELSIUS = 65;

    private final Site site;
    private final SiteWeather weather;
    private final Noise cycles;
    private final Noise error;
    private final long phaseMillis;
    private final double ratedKilowatts;
    private final Inertia water;
    private final Inertia circuit;

    Boiler(Site site, SiteWeather weather, Noise noise) {
        this.site = site;
        this.weather = weather;
        this.cycles = noise.named("cycles");
        this.error = noise.named("error");
        this.phaseMillis = (long) noise.named("phase").between(0, 0, CYCLE_MILLIS);
        this.ratedKilowatts = noise.named("rated").between(0, 18, 28);
        this.water = new Inertia(WATER_INERTIA_MILLIS, this::flowTarget);
        this.circuit = new Inertia(CIRCUIT_INERTIA_MILLIS, t -> isRunning(t) ? 1 : 0);
    }

    @Override
    public List<Sample> samplesAt(long atMillis) {
        boolean running = isRunning(atMillis);
        double demand = demand(atMillis);
        double flow = water.at(atMillis) + 0.15 * error.gaussian(atMillis);
        double taken = circuit.at(atMillis);
        double spread = (6 + 8 * demand) * (0.35 + 0.65 * taken);
        double power = running ? ratedKilowatts * (0.45 + 0.5 * demand) + 0.1 * error.gaussian(atMillis + 1) : 0.08;
        return new Samples()
                .add(MetricSpec.FLOW_TEMPERATURE, flow)
                .add(MetricSpec.RETURN_TEMPERATURE, flow - spread)
                .add(MetricSpec.PRESSURE, 1.5 + 0.01 * (flow - 45) + 0.005 * error.gaussian(atMillis + 2))
                .add(MetricSpec.POWER, power)
                .add(MetricSpec.MODE, mode(atMillis))
                .add(MetricSpec.RUNNING, running)
                .toList();
    }

    private double flowTarget(long atMillis) {
        double setPoint = isHotWater(atMillis) ? HOT_WATER_FLOW_CELSIUS : 34 + 30 * demand(atMillis);
        return isRunning(atMillis) ? setPoint + 6 : setPoint - 12;
    }

    private boolean isRunning(long atMillis) {
        long shifted = atMillis + phaseMillis;
        double part = (double) Math.floorMod(shifted, CYCLE_MILLIS) / CYCLE_MILLIS;
        double duty = isHotWater(atMillis) ? 0.9 : demand(atMillis);
        return part < Math.clamp(duty + 0.05 * cycles.gaussian(Math.floorDiv(shifted, CYCLE_MILLIS)), 0, 0.97);
    }

    /** Part of the full load, 0.05 to 0.95; lower at night. */
    private double demand(long atMillis) {
        double hour = site.hourOfDay(atMillis);
        double setBackCelsius = hour < 5 || hour >= 22 ? 5 : 0;
        return Math.clamp((19 - setBackCelsius - weather.temperature(atMillis)) / 30, 0.05, 0.95);
    }

    private boolean isHotWater(long atMillis) {
        double hour = site.hourOfDay(atMillis);
        return hour >= 6 && hour < 6.75 || hour >= 19 && hour < 19.75;
    }

    private String mode(long atMillis) {
        if (isHotWater(atMillis)) {
            return "hot_water";
        }
        return demand(atMillis) > 0.06 ? "heating" : "standby";
    }
}
