package dev.heliograph.query.data;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of one or more series, from their list of samples, each by its definition and without any sharing of work. Where
 * windows are read, a run of samples that lie in one closed window is only known by its summary, which matters to {@code rate}
 * and {@code integral} alone.
 */
final class NaiveSeries {
    static final double HOUR = 3_600e6;

    /** Samples by time, µs since the epoch. */
    final TreeMap<Long, Double> samples = new TreeMap<>();

    /** One bucket of one series. */
    record Told(
            List<Double> values,
            @Nullable Double rate,
            @Nullable Double delta,
            @Nullable Double area) {}

    /** The start of the window by which a sample is known; itself where it is read as a sample. */
    interface Run {
        long of(long micros);
    }

    Told told(long start, long end, long rangeStart, long rangeEnd, long maxGap, Run run) {
        List<Double> values = List.copyOf(samples.subMap(start, end).values());
        List<List<Long>> runs = runs(rangeStart, rangeEnd, run);
        double increase = 0;
        double seconds = 0;
        @Nullable Double delta = null;
        @Nullable Double area = null;
        for (List<Long> one : runs) {
            long first = one.getFirst();
            long last = one.getLast();
            boolean inside = first >= start && first < end && first >= rangeStart && first < rangeEnd;
            if (inside && one.size() > 1) {
                double rise = inner(one);
                increase += rise;
                seconds += (last - first) / 1e6;
                delta = (delta == null ? 0 : delta) + value(last) - value(first);
                area = (area == null ? 0 : area) + innerArea(one);
            }
            Long before = samples.lowerKey(first);
            if (before == null || first - before > maxGap) {
                continue;
            }
            if (inside) {
                double rise = value(first) - value(before);
                increase += rise < 0 ? value(first) : rise;
                seconds += (first - before) / 1e6;
                delta = (delta == null ? 0 : delta) + rise;
            }
            long from = Math.max(before, start);
            long to = Math.min(first, end);
            if (from < to) {
                area = (area == null ? 0 : area)
                        + (at(from, before, first) + at(to, before, first)) / 2 * ((to - from) / HOUR);
            }
        }
        return new Told(values, seconds > 0 ? (Double) (increase / seconds) : null, delta, area);
    }

    private List<List<Long>> runs(long rangeStart, long rangeEnd, Run run) {
        List<List<Long>> runs = new ArrayList<>();
        long previous = Long.MIN_VALUE;
        for (long micros : samples.keySet()) {
            boolean inside = micros >= rangeStart && micros < rangeEnd;
            long by = inside ? run.of(micros) : micros;
            if (by != previous) {
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(micros);
            previous = by;
        }
        return runs;
    }

    private double inner(List<Long> run) {
        double first = value(run.getFirst());
        double last = value(run.getLast());
        double least = run.stream().mapToDouble(this::value).min().orElseThrow();
        double most = run.stream().mapToDouble(this::value).max().orElseThrow();
        return least < first ? most - first + last : last - first;
    }

    private double innerArea(List<Long> run) {
        double sum = run.stream().mapToDouble(this::value).sum();
        double ends = value(run.getFirst()) + value(run.getLast());
        return (sum - ends / 2) * (run.getLast() - run.getFirst()) / HOUR / (run.size() - 1);
    }

    private double at(long micros, long left, long right) {
        double share = (micros - left) / (double) (right - left);
        return value(left) + (value(right) - value(left)) * share;
    }

    private double value(long micros) {
        return samples.getOrDefault(micros, Double.NaN);
    }

    static double percentile(List<Double> values, int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        double rank = percent / 100.0 * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(rank));
        double above = sorted.get((int) Math.ceil(rank));
        return below + (above - below) * (rank - Math.floor(rank));
    }

    static double byRank(List<Double> values, int percent) {
        return values.stream().sorted().toList().get((int) Math.floor(percent / 100.0 * (values.size() - 1)));
    }

    static double stddev(List<Double> values) {
        double mean = values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
        double squares = values.stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.size() - 1));
    }
}
