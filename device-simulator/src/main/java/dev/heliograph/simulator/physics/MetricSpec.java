package dev.heliograph.simulator.physics;

import dev.heliograph.model.id.MetricName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A metric of the catalogue.
 *
 * @param name as in the payload
 * @param unit as people write it, such as {@code °C}; null for counts, flags and states
 * @param kind number, boolean or state
 * @param description one sentence
 * @param decimals how finely the sensor resolves it
 */
public record MetricSpec(MetricName name, @Nullable String unit, Kind kind, String description, int decimals) {
    /** What the values are. */
    public enum Kind {
        NUMBER,
        BOOLEAN,
        STATE;

        /** The word of the REST API. */
        public String word() {
            return switch (this) {
                case NUMBER -> "number";
                case BOOLEAN -> "boolean";
                case STATE -> "state";
            };
        }
    }

    static final MetricSpec FLOW_TEMPERATURE = number("flow_temperature", "°C", 1, "Water leaving the boiler");
    static final MetricSpec RETURN_TEMPERATURE =
            number("return_temperature", "°C", 1, "Water coming back to the boiler");
    static final MetricSpec PRESSURE = number("pressure", "bar", 2, "Pressure of the heating circuit");
    static final MetricSpec POWER = number("power", "kW", 2, "Power taken or given at this instant");
    static final MetricSpec MODE =
            new MetricSpec(new MetricName("mode"), null, Kind.STATE, "What the boiler works for", 0);
    static final MetricSpec RUNNING = new MetricSpec(new MetricName("running"), null, Kind.BOOLEAN, "Burner is on", 0);
    static final MetricSpec TEMPERATURE = number("temperature", "°C", 2, "Air temperature in the room");
    static final MetricSpec HUMIDITY = number("humidity", "%", 1, "Relative humidity in the room");
    static final MetricSpec CO2 = number("co2", "ppm", 0, "Carbon dioxide in the room");
    static final MetricSpec OCCUPANCY = number("occupancy", null, 0, "People in the room");
    static final MetricSpec VOLTAGE = number("voltage", "V", 1, "Voltage between phase and neutral");
    static final MetricSpec CURRENT = number("current", "A", 2, "Current of each phase");
    static final MetricSpec ENERGY = number("energy", "kWh", 3, "Counter of the energy taken, never goes back");
    static final MetricSpec FLOW = number("flow", "l/min", 1, "Volume flow through the pump");
    static final MetricSpec VIBRATION = number("vibration", "mm/s", 2, "Vibration velocity, RMS");
    static final MetricSpec BEARING_TEMPERATURE = number("bearing_temperature", "°C", 1, "Temperature of the bearing");
    static final MetricSpec SPEED = number("speed", "rpm", 0, "Speed of the shaft");
    static final MetricSpec OUTDOOR_TEMPERATURE = number("outdoor_temperature", "°C", 1, "Air temperature outdoors");
    static final MetricSpec WIND = number("wind", "m/s", 1, "Wind speed, mean of the last minute");
    static final MetricSpec SOLAR = number("solar", "W/m²", 0, "Sunlight on a horizontal surface");

    /** Every metric that a simulated device can report. */
    public static final List<MetricSpec> ALL = List.of(
            FLOW_TEMPERATURE,
            RETURN_TEMPERATURE,
            PRESSURE,
            POWER,
            MODE,
            RUNNING,
            TEMPERATURE,
            HUMIDITY,
            CO2,
            OCCUPANCY,
            VOLTAGE,
            CURRENT,
            ENERGY,
            FLOW,
            VIBRATION,
            BEARING_TEMPERATURE,
            SPEED,
            OUTDOOR_TEMPERATURE,
            WIND,
            SOLAR);

    private static MetricSpec number(String name, @Nullable String unit, int decimals, String description) {
        return new MetricSpec(new MetricName(name), unit, Kind.NUMBER, description, decimals);
    }

    /** The value as the sensor resolves it. */
    double round(double value) {
        double scale = Math.pow(10, decimals);
        return Math.round(value * scale) / scale;
    }
}
