package dev.heliograph.simulator.cli;

import dev.heliograph.simulator.replay.ReplaySettings.Times;
import java.util.Locale;
import picocli.CommandLine;

/** Which times a replay carries: {@code keep}, {@code shift} or {@code shift-each}. */
final class TimesText implements CommandLine.ITypeConverter<Times> {
    @Override
    public Times convert(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "keep" -> Times.KEEP;
            case "shift" -> Times.SHIFT;
            case "shift-each" -> Times.SHIFT_EACH;
            default ->
                throw new CommandLine.TypeConversionException("\"" + text + "\" is none of keep, shift, shift-each");
        };
    }
}
