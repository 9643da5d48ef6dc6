package dev.heliograph.ingest.funnel;

import org.jspecify.annotations.Nullable;

/** Units of SenML's registry (RFC 8428, section 12.1) as the rest of the platform writes them. */
final class SenmlUnits {
    private SenmlUnits() {}

    /** The symbol in general use; a unit that is not in this table is kept as it is. */
    static @Nullable String symbol(@Nullable String unit) {
        if (unit == null) {
            return null;
        }
        return switch (unit) {
            case "Cel" -> "°C";
            case "%RH" -> "%";
            case "Ohm" -> "Ω";
            case "m2" -> "m²";
            case "m3" -> "m³";
            case "m/s2" -> "m/s²";
            case "W/m2" -> "W/m²";
            default -> unit;
        };
    }
}
