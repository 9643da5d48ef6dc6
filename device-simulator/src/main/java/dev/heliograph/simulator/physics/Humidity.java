package dev.heliograph.simulator.physics;

/**
 * Water vapour in air.
 *
 * <p><b>Source.</b> Magnus formula over water with the constants of Alduchov and Eskridge, J. Applied Meteorology 35, 1996:
 * within 0.4 % from -40 to 50 °C.
 */
final class Humidity {
    private Humidity() {}

    /** Pressure at which the air is saturated, hPa. */
    static double saturationPressure(double temperatureCelsius) {
        return 6.1094 * Math.exp(17.625 * temperatureCelsius / (temperatureCelsius + 243.04));
    }

    /** Relative humidity, %, within 5 to 100. */
    static double relative(double vapourPressureHectopascal, double temperatureCelsius) {
        return Math.clamp(100 * vapourPressureHectopascal / saturationPressure(temperatureCelsius), 5, 100);
    }
}
