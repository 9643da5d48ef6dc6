package dev.heliograph.simulator.physics;

import dev.heliograph.model.reading.Sample;
import java.time.Duration;
import java.util.List;

/**
 * A three-phase meter. The counter is the primary quantity and power its slope, so the two agree at any distance.
 *
 * <p>The energy of UTC day {@code d} is {@code mean * 24 h + h(d+1) - h(d)} with a bounded {@code h}: the sum over any number of
 * days needs no loop. Within a day it is spread over slots of five minutes by the hour of the site.
 *
 * <p>Bounds: power above 0, voltage 215 to 245 V, counter never goes back. The power factor is 0.95.
 */
final class EnergyMeter implements DeviceModel {
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
    private static final long SLOT_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final int SLOTS = (int) (DAY_MILLIS / SLOT_MILLIS);
    private static final long GRID_MILLIS = Duration.ofMinutes(20).toMillis();
    private static final double PHASES_AND_POWER_FACTOR = 3 * 0.95;
    /** 2026-01-01T00:00Z: the meters were installed, their counters were 0. */
    private static final long INSTALLED_DAY = 20_454;

    private final Site site;
    private final Noise days;
    private final Noise slots;
    private final Noise grid;
    private final Noise error;
    private final double meanKilowatts;
    private volatile Day latest = new Day(Long.MIN_VALUE, new double[SLOTS + 1]);

    /** @param before energy of the day before each slot, kWh; one more at the end: the whole day */
    private record Day(long utcDay, double[] before) {}

    EnergyMeter(Site site, Noise noise) {
        this.site = site;
        this.days = noise.named("days");
        this.slots = noise.named("slots");
        this.grid = noise.named("grid");
        this.error = noise.named("error");
        this.meanKilowatts = noise.named("mean").between(0, 3, 16);
    }

    @Override
    public List<Sample> samplesAt(long atMillis) {
        Day day = day(Math.floorDiv(atMillis, DAY_MILLIS));
        long inDay = Math.floorMod(atMillis, DAY_MILLIS);
        int slot = (int) (inDay / SLOT_MILLIS);
        double slotEnergy = day.before[slot + 1] - day.before[slot];
        double part = (double) (inDay % SLOT_MILLIS) / SLOT_MILLIS;
        double power = slotEnergy / (SLOT_MILLIS / 3_600_000.0) * (1 + 0.01 * error.gaussian(atMillis));
        double voltage = 231 + 1.8 * grid.wander(atMillis, GRID_MILLIS) - 0.08 * power;
        return new Samples()
                .add(MetricSpec.POWER, power)
                .add(MetricSpec.VOLTAGE, voltage)
                .add(MetricSpec.CURRENT, power * 1_000 / (PHASES_AND_POWER_FACTOR * voltage))
                .add(MetricSpec.ENERGY, energyBefore(day.utcDay) + day.before[slot] + part * slotEnergy)
                .toList();
    }

    private double energyBefore(long utcDay) {
        return meanKilowatts * 24 * (utcDay - INSTALLED_DAY) + surplus(utcDay) - surplus(INSTALLED_DAY);
    }

    private double surplus(long utcDay) {
        return meanKilowatts * 24 * 0.2 * (days.uniform(utcDay) - 0.5);
    }

    private Day day(long utcDay) {
        Day known = latest;
        if (known.utcDay != utcDay) {
            known = plan(utcDay);
            latest = known;
        }
        return known;
    }

    private Day plan(long utcDay) {
        double[] before = new double[SLOTS + 1];
        for (int slot = 0; slot < SLOTS; slot++) {
            before[slot + 1] = before[slot] + load(utcDay * DAY_MILLIS + slot * SLOT_MILLIS);
        }
        double scale = (energyBefore(utcDay + 1) - energyBefore(utcDay)) / before[SLOTS];
        for (int slot = 1; slot <= SLOTS; slot++) {
            before[slot] *= scale;
        }
        return new Day(utcDay, before);
    }

    /** How busy the site is in a slot, relative: machines by day, little at night and at the weekend. */
    private double load(long atMillis) {
        double hour = site.hourOfDay(atMillis);
        double working =
                Math.exp(-Math.pow((hour - 10.5) / 2.8, 2)) + 0.8 * Math.exp(-Math.pow((hour - 15.5) / 2.5, 2));
        double weekday = Site.isWorkday(site.localDay(atMillis)) ? 1 : 0.3;
        double machines = 1 + 0.25 * slots.gaussian(Math.floorDiv(atMillis, SLOT_MILLIS)) / 4;
        return (0.35 + 1.6 * working * weekday) * machines;
    }
}
