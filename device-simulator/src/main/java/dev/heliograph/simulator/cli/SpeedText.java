package dev.heliograph.simulator.cli;

import dev.heliograph.simulator.replay.ReplaySettings;
import picocli.CommandLine;

/** A factor such as {@code 60}, or {@code max}. */
final class SpeedText implements CommandLine.ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
        if (text.equals("max")) {
            return ReplaySettings.AS_FAST_AS_POSSIBLE;
        }
        try {
            double speed = Double.parseDouble(text);
            if (speed > 0 && Double.isFinite(speed)) {
                return speed;
            }
        } catch (NumberFormatException e) {
            throw new CommandLine.TypeConversionException("\"" + text + "\" is neither a number nor max");
        }
        throw new CommandLine.TypeConversionException("speed must be above 0, was " + text);
    }
}
