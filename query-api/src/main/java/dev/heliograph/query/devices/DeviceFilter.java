package dev.heliograph.query.devices;

import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.search.Field.Known;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.search.Searches;
import dev.heliograph.query.search.Term.Attribute;
import org.jspecify.annotations.Nullable;

/** The parameters that say which devices a list shows, as one search; everything given must match. */
final class DeviceFilter {
    private DeviceFilter() {}

    static Search of(
            Searches searches,
            @Nullable String q,
            @Nullable String status,
            @Nullable String site,
            @Nullable String type) {
        Search search = searches.ofParameter("q", q);
        if (status != null && !status.isBlank()) {
            if (!Known.STATUS.allowed().contains(status)) {
                throw Problems.badParameter("status", "must be reporting, late, silent, offline or unknown");
            }
            search = search.and(Attribute.of(Known.STATUS, status));
        }
        if (site != null && !site.isBlank()) {
            search = search.and(Attribute.of(Known.SITE, site));
        }
        return type == null || type.isBlank() ? search : search.and(Attribute.of(Known.TYPE, type));
    }
}
