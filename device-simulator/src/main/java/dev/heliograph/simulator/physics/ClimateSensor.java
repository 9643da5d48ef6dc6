package dev.heliograph.simulator.physics;

import dev.heliograph.model.reading.Sample;
import java.time.Duration;
import java.util.List;

/**
 * A room sensor: people bring carbon dioxide, warmth and water vapour; heating, sun and the weather do the rest.
 *
 * <p>Bounds: 8 to 45 °C, 5 to 100 %, 390 to 1,700 ppm, 0 to 8 people.
 */
final class ClimateSensor implements DeviceModel {
    private static final long AIR_INERTIA_MILLIS = Duration.ofMinutes(25).toMillis();
    private static final long ROOM_INERTIA_MILLIS = Duration.ofMinutes(50).toMillis();
    private static final double OUTDOOR_CO2_PPM = 420;
    private static final double CO2_PPM_PER_PERSON = 140;

    private final Site site;
    private final SiteWeather weather;
    private final Occupancy occupancy;
    private final Noise error;
    private final double comfortCelsius;
    private final Inertia air;
    private final Inertia room;

    ClimateSensor(Site site, SiteWeather weather, Noise noise) {
        this.site = site;
        this.weather = weather;
        this.occupancy = new Occupancy(
                site, noise.named("people"), 2 + (int) (7 * noise.named("seats").uniform(0)));
        this.error = noise.named("error");
        this.comfortCelsius = noise.named("comfort").between(0, 20.5, 22.5);
        this.air = new Inertia(AIR_INERTIA_MILLIS, occupancy::people);
        this.room = new Inertia(ROOM_INERTIA_MILLIS, this::temperatureTarget);
    }

    @Override
    public List<Sample> samplesAt(long atMillis) {
        double breathed = air.at(atMillis);
        double temperature = room.at(atMillis);
        double vapour = weather.vapourPressure(atMillis) + 2.2 + 0.35 * breathed;
        double co2 = OUTDOOR_CO2_PPM + CO2_PPM_PER_PERSON * breathed + 4 * error.gaussian(atMillis);
        return new Samples()
                .add(MetricSpec.TEMPERATURE, temperature + 0.03 * error.gaussian(atMillis + 1))
                .add(MetricSpec.HUMIDITY, Humidity.relative(vapour, temperature))
                .add(MetricSpec.CO2, co2)
                .add(MetricSpec.OCCUPANCY, occupancy.people(atMillis))
                .toList();
    }

    private double temperatureTarget(long atMillis) {
        double hour = site.hourOfDay(atMillis);
        boolean warmHours = hour >= 5.5 && hour < 20;
        double heated = warmHours ? comfortCelsius : comfortCelsius - 3.5;
        double unheated = weather.temperature(atMillis) + 2;
        return Math.max(heated, unheated) + 0.2 * occupancy.people(atMillis) + 0.002 * weather.solar(atMillis);
    }
}
