package dev.heliograph.writer.plan;

import dev.heliograph.writer.plan.SeriesChange.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The windows that a transaction changed, as few changes of series. A range is as long as the smallest windows that changed
 * in it: an hour that follows from its ten seconds says nothing of the rest of the hour. Not thread-safe.
 */
public final class ChangedWindows {
    private final Map<Integer, Set<Window>> bySeries = new TreeMap<>();

    /** Notes a window that was put in place of another, or where there was none. */
    public void add(int seriesId, WindowSize size, long startMicros) {
        bySeries.computeIfAbsent(seriesId, id -> new LinkedHashSet<>()).add(new Window(size, startMicros));
    }

    public boolean isEmpty() {
        return bySeries.isEmpty();
    }

    /**
     * What has changed, by series.
     *
     * @param mostWindows windows of one change that are named
     */
    public List<SeriesChange> changes(int mostWindows) {
        List<SeriesChange> changes = new ArrayList<>();
        bySeries.forEach((series, windows) -> changes.addAll(changes(series, windows)));
        return SeriesChange.joined(changes, mostWindows);
    }

    private static List<SeriesChange> changes(int series, Set<Window> windows) {
        List<Window> smallestFirst = windows.stream()
                .sorted(Comparator.comparing(Window::size).thenComparing(Window::start))
                .toList();
        // By the start of the hour, of which a window of any size has one: nothing is compared across hours.
        Map<Long, List<Ranged>> byHour = new TreeMap<>();
        for (Window window : smallestFirst) {
            List<Ranged> hour =
                    byHour.computeIfAbsent(WindowSize.ONE_HOUR.startOf(window.start()), start -> new ArrayList<>());
            Ranged within =
                    hour.stream().filter(one -> one.isIn(window)).findFirst().orElse(null);
            if (within == null) {
                hour.add(new Ranged(window));
            } else {
                within.windows.add(window);
            }
        }
        return byHour.values().stream()
                .flatMap(List::stream)
                .map(one -> new SeriesChange(series, one.range.start(), one.range.end(), one.windows))
                .toList();
    }

    /** A smallest window, and those that hold it. */
    private static final class Ranged {
        final Window range;
        final List<Window> windows = new ArrayList<>();

        Ranged(Window range) {
            this.range = range;
            windows.add(range);
        }

        boolean isIn(Window larger) {
            return larger.start() <= range.start() && range.end() <= larger.end();
        }
    }
}
