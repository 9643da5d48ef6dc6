package dev.heliograph.query.data;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.data.DeviceSelection.Selected;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.web.LimitSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series of many devices, all of them or a page at a time. A cursor holds the last series of its page and the range as it
 * was understood for the first page, so that {@code now-24h} is the same day on every page.
 */
final class SeriesPages {
    private static final int CURSOR_KEYS = 4;

    private final DeviceSelection selection;
    private final JdbcData data;
    private final Pages pages;
    private final LimitSettings limits;

    SeriesPages(DeviceSelection selection, JdbcData data, Pages pages, LimitSettings limits) {
        this.selection = selection;
        this.data = data;
        this.pages = pages;
        this.limits = limits;
    }

    /**
     * A page of series, ordered by device and metric.
     *
     * @param next the cursor of the next page; null on the last
     */
    record Page(
            List<StoredSeries> series,
            Instant from,
            Instant to,
            @Nullable String next) {}

    Page page(TenantId tenant, DataParameters given, DataQuery query) {
        int size = pages.size(given.limit());
        String text = textOf(given);
        @Nullable List<@Nullable String> after = pages.after(tenant, text, given.cursor(), CURSOR_KEYS);
        Instant from = after == null ? query.from() : Instant.parse(String.valueOf(after.get(0)));
        Instant to = after == null ? query.to() : Instant.parse(String.valueOf(after.get(1)));
        @Nullable String device = after == null ? null : after.get(2);
        @Nullable String metric = after == null ? null : after.get(3);
        List<Selected> devices = selection.devices(tenant, query.selector(), device, metric != null, size + 1);
        if (after == null) {
            checkNamed(tenant, query.selector());
        }
        List<Selected> looked = devices.subList(0, Math.min(size, devices.size()));
        List<StoredSeries> series = new ArrayList<>(data.series(tenant, looked, query.metrics(), Integer.MAX_VALUE));
        // Within the device where the page before ended, only what comes behind.
        if (device != null && metric != null) {
            series.removeIf(
                    one -> one.device().id().equals(device) && one.metric().compareTo(metric) <= 0);
        }
        series.sort((a, b) -> a.device().id().equals(b.device().id())
                ? a.metric().compareTo(b.metric())
                : Integer.compare(place(looked, a), place(looked, b)));
        List<StoredSeries> shown = List.copyOf(series.subList(0, Math.min(size, series.size())));
        @Nullable String next = null;
        if (series.size() > size) {
            StoredSeries last = shown.getLast();
            next = pages.next(
                    tenant, text, from.toString(), to.toString(), last.device().id(), last.metric());
        } else if (devices.size() > size) {
            next = pages.next(
                    tenant,
                    text,
                    from.toString(),
                    to.toString(),
                    looked.getLast().id(),
                    null);
        }
        return new Page(shown, from, to, next);
    }

    private static int place(List<Selected> devices, StoredSeries series) {
        return devices.indexOf(series.device());
    }

    /** All series of the query; 422 if there are more than may be put together. */
    List<StoredSeries> all(TenantId tenant, DataQuery query) {
        checkNamed(tenant, query.selector());
        List<Selected> devices = selection.devices(tenant, query.selector(), null, true, limits.maxSeries() + 1);
        List<StoredSeries> series = devices.size() > limits.maxSeries()
                ? List.of()
                : data.series(tenant, devices, query.metrics(), limits.maxSeries() + 1);
        if (devices.size() > limits.maxSeries() || series.size() > limits.maxSeries()) {
            throw Problems.overLimit("A query may put together " + limits.maxSeries()
                    + " series; there are more. Name metrics, sites, types or labels.");
        }
        return series;
    }

    /** A device that is named must be there: a misspelt one would be missing from a sum without a word. */
    private void checkNamed(TenantId tenant, Selector selector) {
        if (!selector.devices().isEmpty()) {
            Selector named = new Selector(selector.devices(), List.of(), List.of(), java.util.Map.of(), Search.ALL);
            int found = selection
                    .devices(tenant, named, null, true, selector.devices().size())
                    .size();
            if (found < selector.devices().size()) {
                throw Problems.notFound();
            }
        }
    }

    // The cursor itself and the size of a page may differ from page to page.
    private static String textOf(DataParameters p) {
        return "data|"
                + Arrays.asList(
                        p.device(),
                        p.site(),
                        p.type(),
                        p.label(),
                        p.q(),
                        p.metric(),
                        p.from(),
                        p.to(),
                        p.aggregate(),
                        p.bucket(),
                        p.maxPoints(),
                        p.timezone(),
                        p.fill(),
                        p.downsample(),
                        p.source(),
                        p.maxGap());
    }
}
