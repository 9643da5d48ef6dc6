package dev.heliograph.query.history;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * For how long a tenant's data is kept, as far as history that comes or changes is concerned.
 *
 * @param raw single measurements and states
 * @param longest whatever is kept for the longest time
 */
record KeptTimes(Duration raw, Duration longest) {
    private static final String RAW = "raw";
    private static final String LONGEST_WINDOWS = "1h";

    /**
     * What the process that deletes has told; where it has told nothing yet, what the settings say.
     *
     * @param told the times of the tenant by class
     */
    static KeptTimes of(Map<String, Duration> told, HistorySettings settings) {
        Duration raw = told.getOrDefault(RAW, settings.rawRetention());
        Duration windows = told.getOrDefault(LONGEST_WINDOWS, settings.windowRetention());
        Duration longest = Stream.of("10s", "1m")
                .map(windowClass -> told.getOrDefault(windowClass, windows))
                .reduce(windows, KeptTimes::longer);
        return new KeptTimes(raw, longer(raw, longest));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** For people: in days where these are whole ones. */
    static String text(Duration time) {
        return time.equals(Duration.ofDays(time.toDays())) ? time.toDays() + " days" : time.toHours() + " hours";
    }
}
