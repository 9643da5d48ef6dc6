package dev.heliograph.simulator.physics;

import java.time.Duration;

/** The kinds of devices, with the pace at which each reports when nothing else is asked for. */
public enum DeviceType {
    BOILER("boiler", "Boiler", 1.0),
    CLIMATE("climate", "Room sensor", 2.0),
    METER("meter", "Energy meter", 1.0),
    PUMP("pump", "Pump", 0.4),
    WEATHER("weather", "Weather station", 6.0);

    private final String word;
    private final String title;
    private final double intervalFactor;

    DeviceType(String word, String title, double intervalFactor) {
        this.word = word;
        this.title = title;
        this.intervalFactor = intervalFactor;
    }

    /** The word used in device ids and as the type in the registry. */
    public String word() {
        return word;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** How often a device of this type reports: a pump more often than the base interval, a weather station less. */
    public Duration interval(Duration base) {
        return Duration.ofNanos(Math.max(1_000_000, Math.round(base.toNanos() * intervalFactor)));
    }

    /**
     * The device as a function of time.
     *
     * @param weather of the same site
     * @param noise of this device alone
     */
    public DeviceModel model(Site site, SiteWeather weather, Noise noise) {
        return switch (this) {
            case BOILER -> new Boiler(site, weather, noise);
            case CLIMATE -> new ClimateSensor(site, weather, noise);
            case METER -> new EnergyMeter(site, noise);
            case PUMP -> new Pump(site, noise);
            case WEATHER -> new WeatherStation(weather, noise);
        };
    }
}
