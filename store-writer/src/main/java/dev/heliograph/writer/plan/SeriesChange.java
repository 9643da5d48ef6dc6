package dev.heliograph.writer.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a series was changed by a repair or a correction, for times {@code from <= t < to}, µs since the epoch.
 *
 * @param windows the windows that changed; null where they are too many to be told one by one, or some are there no more
 */
public record SeriesChange(
        int seriesId, long from, long to, @Nullable List<Window> windows) {
    /** Changes that are nearer to one another than this are told as one. */
    static final long NEAR_MICROS = WindowSize.ONE_HOUR.micros();

    /** Ranges of one series that are told apart; beyond, one range spans them all. */
    static final int MOST_RANGES = 10;

    private static final char SIZE_ENDS = '/';
    private static final char WINDOW_ENDS = ' ';

    /** A window of the series. */
    public record Window(WindowSize size, long start) {
        long end() {
            return start + size.micros();
        }
    }

    public SeriesChange {
        windows = windows == null ? null : List.copyOf(windows);
    }

    /**
     * The same changes, as few as possible: near ones of a series are joined.
     *
     * @param mostWindows windows of one change that are named
     */
    public static List<SeriesChange> joined(List<SeriesChange> changes, int mostWindows) {
        Map<Integer, List<SeriesChange>> bySeries = changes.stream()
                .collect(Collectors.groupingBy(SeriesChange::seriesId, TreeMap::new, Collectors.toList()));
        List<SeriesChange> joined = new ArrayList<>();
        bySeries.values().forEach(own -> {
            own.sort(Comparator.comparingLong(SeriesChange::from));
            List<SeriesChange> ranges = join(own, NEAR_MICROS, mostWindows);
            joined.addAll(ranges.size() <= MOST_RANGES ? ranges : join(own, Long.MAX_VALUE, mostWindows));
        });
        return joined;
    }

    private static List<SeriesChange> join(List<SeriesChange> sorted, long near, int mostWindows) {
        List<SeriesChange> ranges = new ArrayList<>();
        for (SeriesChange change : sorted) {
            SeriesChange last = ranges.isEmpty() ? null : ranges.getLast();
            // A difference, as a sum with the bound may not fit.
            if (last != null && change.from - last.to <= near) {
                ranges.set(ranges.size() - 1, last.and(change, mostWindows));
            } else {
                ranges.add(change.within(mostWindows));
            }
        }
        return ranges;
    }

    private SeriesChange and(SeriesChange later, int mostWindows) {
        List<Window> both = windows == null || later.windows == null
                ? null
                : Stream.concat(windows.stream(), later.windows.stream())
                        .distinct()
                        .toList();
        return new SeriesChange(seriesId, from, Math.max(to, later.to), both).within(mostWindows);
    }

    private SeriesChange within(int mostWindows) {
        return windows == null || windows.size() <= mostWindows ? this : new SeriesChange(seriesId, from, to, null);
    }

    /** The windows as the table {@code revision_notice} keeps them; null where they are not named. */
    public @Nullable String windowsText() {
        return windows == null
                ? null
                : windows.stream()
                        .map(window -> window.size().text() + SIZE_ENDS + window.start())
                        .collect(Collectors.joining(String.valueOf(WINDOW_ENDS)));
    }

    /**
     * Reads what {@link #windowsText} wrote.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static @Nullable List<Window> windowsOf(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Set<Window> windows = new LinkedHashSet<>();
        for (String one : text.isEmpty() ? new String[0] : text.split(String.valueOf(WINDOW_ENDS))) {
            int end = one.indexOf(SIZE_ENDS);
            WindowSize size =
                    end < 0 ? null : WindowSize.parse(one.substring(0, end)).orElse(null);
            if (size == null) {
                throw new IllegalArgumentException("no window: " + one);
            }
            windows.add(new Window(size, Long.parseLong(one.substring(end + 1))));
        }
        return List.copyOf(windows);
    }
}
