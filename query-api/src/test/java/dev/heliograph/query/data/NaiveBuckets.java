package dev.heliograph.query.data;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;

/**
 * Edges of buckets as a person would find them: by looking at the clock on the wall every ten seconds. Knows nothing of
 * transitions.
 */
public final class NaiveBuckets {
    private static final long STEP_SECONDS = 10;

    private NaiveBuckets() {}

    /** Edges in seconds since the epoch, from the last at or before {@code from} to the first at or behind {@code to}. */
    public static List<Long> edges(String bucket, ZoneId zone, long fromSecond, long toSecond, long step) {
        List<Long> edges = new ArrayList<>();
        int count = Integer.parseInt(bucket.replaceAll("[a-z]+", ""));
        String unit = bucket.replaceAll("[0-9]+", "");
        long length = switch (unit) {
            case "s" -> count;
            case "m" -> count * 60L;
            case "h" -> count * 3_600L;
            case "d" -> count * 86_400L;
            case "w" -> count * 7 * 86_400L;
            default -> count * 31 * 86_400L;
        };
        long start = Math.floorDiv(fromSecond - 2 * length - 2 * 86_400, step) * step;
        long before = label(count, unit, length, wall(start - step, zone));
        for (long second = start; ; second += step) {
            LocalDateTime wall = wall(second, zone);
            long label = label(count, unit, length, wall);
            boolean changed = length >= 86_400 ? label > before : label != before;
            boolean repeats = length <= 3_600
                    && wall.getLong(ChronoField.SECOND_OF_DAY) % length == 0
                    && !wall(second - step, zone).equals(wall.minusSeconds(step));
            if (changed || repeats) {
                if (second <= fromSecond) {
                    edges.clear();
                }
                edges.add(second);
                if (second >= toSecond) {
                    return edges;
                }
            }
            before = length >= 86_400 ? Math.max(before, label) : label;
        }
    }

    static List<Long> edges(String bucket, ZoneId zone, long fromSecond, long toSecond) {
        return edges(bucket, zone, fromSecond, toSecond, STEP_SECONDS);
    }

    private static LocalDateTime wall(long second, ZoneId zone) {
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(second), zone);
    }

    private static long label(int count, String unit, long length, LocalDateTime wall) {
        LocalDate date = wall.toLocalDate();
        return switch (unit) {
            case "d" -> Math.floorDiv(date.toEpochDay(), count);
            // 1969-12-29 was a Monday.
            case "w" -> Math.floorDiv(date.toEpochDay() + 3, 7L * count);
            case "mo" -> Math.floorDiv(date.getYear() * 12L + date.getMonthValue() - 1, count);
            default -> date.toEpochDay() * (86_400 / length) + wall.getLong(ChronoField.SECOND_OF_DAY) / length;
        };
    }
}
