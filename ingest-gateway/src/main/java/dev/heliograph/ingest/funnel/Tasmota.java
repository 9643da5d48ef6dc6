package dev.heliograph.ingest.funnel;

import dev.heliograph.ingest.funnel.DocumentReader.Token;
import org.jspecify.annotations.Nullable;

/** What Tasmota writes to {@code tele/+/SENSOR} and {@code tele/+/STATE}: local time without offset, null for a sensor that fails. */
final class Tasmota implements FlatShape.Dialect {
    @Override
    public String timeMember() {
        return "Time";
    }

    @Override
    public boolean nullIsAbsent() {
        return false;
    }

    @Override
    public boolean leavesOut(String name, Token token) {
        return false;
    }

    @Override
    public boolean isUnitMember(String name) {
        return name.equals("TempUnit") || name.equals("PressureUnit");
    }

    @Override
    public @Nullable String unit(String metric, @Nullable String temperature, @Nullable String pressure) {
        return switch (metric) {
            case "Temperature", "DewPoint" -> temperature == null ? null : "°" + temperature;
            case "Pressure", "SeaPressure" -> pressure;
            case "Humidity" -> "%";
            case "Power" -> "W";
            case "ApparentPower" -> "VA";
            case "ReactivePower" -> "var";
            case "Voltage" -> "V";
            case "Current" -> "A";
            case "Total", "Today", "Yesterday" -> "kWh";
            case "Illuminance" -> "lx";
            case "CarbonDioxide", "eCO2" -> "ppm";
            default -> null;
        };
    }
}
