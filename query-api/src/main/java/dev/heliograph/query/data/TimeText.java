package dev.heliograph.query.data;

import dev.heliograph.query.problem.Problems;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and lengths in parameters: RFC 3339 with an offset, {@code now}, {@code now-90m}; {@code 10s}, {@code 1h}. */
public final class TimeText {
    private static final Pattern RELATIVE = Pattern.compile("now(?:-([1-9][0-9]{0,5})([smhdw]))?");
    private static final Pattern LENGTH = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final int MAX_LENGTH = 40;

    private TimeText() {}

    /** The instant that a parameter names, to the microsecond. */
    public static Instant instant(String name, String text, Instant now) {
        Matcher relative = RELATIVE.matcher(text);
        if (relative.matches()) {
            Instant whole = now.truncatedTo(ChronoUnit.MICROS);
            return relative.group(1) == null ? whole : whole.minus(length(relative.group(1), relative.group(2)));
        }
        try {
            if (text.length() > MAX_LENGTH) {
                throw new DateTimeException("too long");
            }
            Instant time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new DateTimeException("out of range");
            }
            return time;
        } catch (DateTimeException notATime) {
            throw Problems.badParameter(
                    name, "must be RFC 3339 with an offset, 1970 to 2200, or now, now-30s, now-1h, now-7d");
        }
    }

    /** The length of a bucket. */
    public static Duration bucket(String text) {
        Matcher match = LENGTH.matcher(text);
        if (!match.matches()) {
            throw Problems.badParameter("bucket", "must be raw or a length such as 10s, 1m, 1h, 1d");
        }
        return length(match.group(1), match.group(2));
    }

    /** A length as a parameter would have it: the largest unit that divides it. */
    public static String of(Duration length) {
        long seconds = length.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static Duration length(String count, String unit) {
        long n = Long.parseLong(count);
        return switch (unit) {
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            case "h" -> Duration.ofHours(n);
            case "d" -> Duration.ofDays(n);
            default -> Duration.ofDays(7 * n);
        };
    }
}
