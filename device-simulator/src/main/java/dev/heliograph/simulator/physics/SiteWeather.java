package dev.heliograph.simulator.physics;

import java.time.Duration;

/**
 * The weather of a site, shared by all of its devices: cold mornings, seasons, fronts, clouds and the sun where it stands.
 *
 * <p><b>Error.</b> Sun times are off by up to 16 minutes (no equation of time). The climate is a caricature by latitude.
 * <p><b>Source.</b> Clear sky: Haurwitz, J. Meteorology 2, 1945. Clouds: Kasten and Czeplak, Solar Energy 24, 1980.
 */
public final class SiteWeather {
    private static final double DAYS_PER_YEAR = 365.25;
    private static final double COLDEST_DAY = 20;
    private static final long FRONTS_MILLIS = Duration.ofHours(18).toMillis();
    private static final long CLOUDS_MILLIS = Duration.ofHours(3).toMillis();
    private static final long WIND_MILLIS = Duration.ofHours(5).toMillis();
    private static final long GUSTS_MILLIS = Duration.ofSeconds(90).toMillis();

    private final Site site;
    private final Noise fronts;
    private final Noise clouds;
    private final Noise wind;
    private final Noise gusts;

    /** Weather of the site in the world of a fleet. */
    public SiteWeather(Site site, Noise fleet) {
        Noise noise = fleet.named("weather/" + site.id());
        this.site = site;
        this.fronts = noise.named("fronts");
        this.clouds = noise.named("clouds");
        this.wind = noise.named("wind");
        this.gusts = noise.named("gusts");
    }

    /** Air temperature, °C. */
    double temperature(long atMillis) {
        double mean = 27 - 0.35 * Math.abs(site.latitude());
        double season = -9 * Math.cos(2 * Math.PI * (dayOfYear(atMillis) - COLDEST_DAY) / DAYS_PER_YEAR);
        double swing = 4.5 * (1 - 0.6 * cloudCover(atMillis));
        double day = swing * Math.cos(2 * Math.PI * (solarHour(atMillis) - 15) / 24);
        return mean + season + day + 2.5 * fronts.wander(atMillis, FRONTS_MILLIS);
    }

    /** Part of the sky that is covered, 0 to 1. */
    double cloudCover(long atMillis) {
        return Math.clamp(0.5 + 0.35 * clouds.wander(atMillis, CLOUDS_MILLIS), 0, 1);
    }

    /** Sunlight on a horizontal surface, W/m², never negative. */
    double solar(long atMillis) {
        double sine = sineOfSunElevation(atMillis);
        if (sine <= 0) {
            return 0;
        }
        double clearSky = 1098 * sine * Math.exp(-0.057 / sine);
        return clearSky * (1 - 0.75 * Math.pow(cloudCover(atMillis), 3.4));
    }

    /** Wind speed, m/s, never negative. */
    double windSpeed(long atMillis) {
        double steady = 4.2 + 2.2 * wind.wander(atMillis, WIND_MILLIS);
        return Math.max(0, steady * (1 + 0.15 * gusts.wander(atMillis, GUSTS_MILLIS)));
    }

    /** Pressure of the water vapour in the air, hPa: the dew point lies a little under the temperature. */
    double vapourPressure(long atMillis) {
        return Humidity.saturationPressure(temperature(atMillis) - 1.5 - 3 * (1 - cloudCover(atMillis)));
    }

    private double sineOfSunElevation(long atMillis) {
        double latitude = Math.toRadians(site.latitude());
        double declination =
                Math.toRadians(-23.44 * Math.cos(2 * Math.PI * (dayOfYear(atMillis) + 10) / DAYS_PER_YEAR));
        double hourAngle = Math.toRadians(15 * (solarHour(atMillis) - 12));
        return Math.sin(latitude) * Math.sin(declination)
                + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
    }

    private double solarHour(long atMillis) {
        return Math.floorMod(atMillis, 86_400_000L) / 3_600_000.0 + site.longitude() / 15;
    }

    private static double dayOfYear(long atMillis) {
        return (atMillis / 86_400_000.0) % DAYS_PER_YEAR;
    }
}
