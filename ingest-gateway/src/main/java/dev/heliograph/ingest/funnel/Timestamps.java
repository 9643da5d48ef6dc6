package dev.heliograph.ingest.funnel;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as devices write them. RFC 3339 strictly: upper-case T and Z, an offset, a day that exists, no leap second (no
 * clock of the platform can represent one). What is finer than a microsecond is cut off.
 */
final class Timestamps {
    /** 2001-09-09T01:46:40Z: what is smaller was surely meant as seconds. Milliseconds. */
    static final long MIN_MILLIS = 1_000_000_000_000L;

    /** 2100-01-01T00:00:00Z: what is larger was surely meant as micro- or nanoseconds. Milliseconds. */
    static final long MAX_MILLIS = 4_102_444_800_000L;

    static final long MICROS_PER_MILLI = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_HOUR = 3_600;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int MICRO_DIGITS = 6;
    private static final int MAX_LENGTH = 40;
    private static final Pattern RFC_3339 = Pattern.compile("([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
            + "T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\\.([0-9]{1,9}))?"
            + "(?:Z|([+-])(0[0-9]|1[0-4]):([0-5][0-9]))");

    private Timestamps() {}

    /** Microseconds since the epoch, or empty where the text is no RFC 3339 time. */
    static OptionalLong parseMicros(String text) {
        if (text.length() > MAX_LENGTH) {
            return OptionalLong.empty();
        }
        Matcher parts = RFC_3339.matcher(text);
        if (!parts.matches()) {
            return OptionalLong.empty();
        }
        try {
            long day = LocalDate.of(number(parts, 1), number(parts, 2), number(parts, 3))
                    .toEpochDay();
            long seconds = day * SECONDS_PER_DAY
                    + number(parts, 4) * (long) SECONDS_PER_HOUR
                    + number(parts, 5) * (long) SECONDS_PER_MINUTE
                    + number(parts, 6)
                    - offsetSeconds(parts);
            return OptionalLong.of(seconds * MICROS_PER_SECOND + fractionMicros(parts));
        } catch (DateTimeException noSuchDay) {
            return OptionalLong.empty();
        }
    }

    /** Whether a device can mean this time at all. */
    static boolean isPlausible(long micros) {
        return micros >= MIN_MILLIS * MICROS_PER_MILLI && micros <= MAX_MILLIS * MICROS_PER_MILLI;
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }

    private static int offsetSeconds(Matcher parts) {
        String sign = parts.group(8);
        if (sign == null) {
            return 0;
        }
        int seconds = number(parts, 9) * SECONDS_PER_HOUR + number(parts, 10) * SECONDS_PER_MINUTE;
        return sign.equals("-") ? -seconds : seconds;
    }

    private static long fractionMicros(Matcher parts) {
        String fraction = parts.group(7);
        if (fraction == null) {
            return 0;
        }
        long micros = 0;
        for (int digit = 0; digit < MICRO_DIGITS; digit++) {
            micros = micros * 10 + (digit < fraction.length() ? fraction.charAt(digit) - '0' : 0);
        }
        return micros;
    }
}
