package dev.heliograph.query.devices;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.devices.JdbcDevices.Keyed;
import dev.heliograph.query.devices.JdbcDevices.Place;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.search.Search;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages of devices. A page begins behind the last device of the one before, wherever that is by now: a device that is there,
 * matches and keeps its place in the order from the first page to the last is on exactly one page, whatever comes, goes or
 * changes meanwhile. Counting may cost more than a page, so it is done for the first one, and the cursor carries it.
 */
final class DeviceLists {
    private static final int CURSOR_KEYS = 3;

    private final JdbcDevices devices;
    private final Pages pages;

    DeviceLists(JdbcDevices devices, Pages pages) {
        this.devices = devices;
        this.pages = pages;
    }

    DevicePage page(TenantId tenant, Search search, DeviceSort sort, int size, @Nullable String cursor) {
        String query = "devices|" + sort + "|" + search.written();
        List<@Nullable String> after = pages.after(tenant, query, cursor, CURSOR_KEYS);
        Place place = after == null ? null : new Place(key(after, 0), key(after, 1));
        List<Keyed> found = devices.page(tenant, search, sort, size + 1, place);
        long total = after == null ? count(tenant, search, found.size(), size) : Long.parseLong(key(after, 2));
        List<Keyed> shown = found.subList(0, Math.min(size, found.size()));
        String next = null;
        if (found.size() > size) {
            Keyed last = shown.getLast();
            next = pages.next(tenant, query, last.key(), last.device().id(), Long.toString(total));
        }
        return new DevicePage(
                shown.stream().map(Keyed::device).toList(),
                next,
                Math.min(total, pages.counted()),
                total <= pages.counted());
    }

    private long count(TenantId tenant, Search search, int found, int size) {
        return found <= size ? found : devices.count(tenant, search, pages.counted());
    }

    private static String key(List<@Nullable String> keys, int index) {
        String key = keys.get(index);
        if (key == null) {
            throw Problems.badParameter("cursor", "is not a cursor of this list");
        }
        return key;
    }
}
