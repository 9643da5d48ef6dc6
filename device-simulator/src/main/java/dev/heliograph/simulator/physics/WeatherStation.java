package dev.heliograph.simulator.physics;

import dev.heliograph.model.reading.Sample;
import java.util.List;

/** Measures the weather of its site, with the small error of its own sensors. */
final class WeatherStation implements DeviceModel {
    private final SiteWeather weather;
    private final Noise error;

    WeatherStation(SiteWeather weather, Noise noise) {
        this.weather = weather;
        this.error = noise.named("error");
    }

    @Override
    public List<Sample> samplesAt(long atMillis) {
        return new Samples()
                .add(MetricSpec.OUTDOOR_TEMPERATURE, weather.temperature(atMillis) + 0.05 * error.gaussian(atMillis))
                .add(MetricSpec.WIND, weather.windSpeed(atMillis))
                .add(MetricSpec.SOLAR, weather.solar(atMillis))
                .toList();
    }
}
