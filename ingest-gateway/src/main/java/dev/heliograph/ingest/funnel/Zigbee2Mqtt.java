package dev.heliograph.ingest.funnel;

import dev.heliograph.ingest.funnel.DocumentReader.Token;
import org.jspecify.annotations.Nullable;

/**
 * What Zigbee2MQTT publishes of a device: a flat object, null for what is not known yet, {@code last_seen} as RFC 3339 or
 * milliseconds. The units are those that Zigbee2MQTT documents for the property of this name whatever the device; where a
 * property has different units on different devices, such as {@code voltage} (mV of a battery, V of a plug), none is given.
 */
final class Zigbee2Mqtt implements FlatShape.Dialect {
    @Override
    public String timeMember() {
        return "last_seen";
    }

    @Override
    public boolean nullIsAbsent() {
        return true;
    }

    @Override
    public boolean leavesOut(String name, Token token) {
        // What the bridge knows of the device and of its firmware; neither is measured.
        return name.equals("device") && token.isStart() || name.equals("update") && token.isStart();
    }

    @Override
    public @Nullable String unit(String metric, @Nullable String temperature, @Nullable String pressure) {
        return switch (metric) {
            case "temperature",
                    "local_temperature",
                    "device_temperature",
                    "soil_temperature",
                    "occupied_heating_setpoint",
                    "current_heating_setpoint" -> "°C";
            case "humidity", "soil_moisture", "battery" -> "%";
            case "pressure" -> "hPa";
            case "power" -> "W";
            case "current" -> "A";
            case "energy" -> "kWh";
            case "illuminance", "illuminance_lux" -> "lx";
            case "co2" -> "ppm";
            case "pm25" -> "µg/m³";
            case "linkquality" -> "lqi";
            default -> null;
        };
    }
}
