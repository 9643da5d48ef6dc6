package dev.heliograph.query.devices;

import dev.heliograph.query.problem.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which devices a list shows; everything given must match.
 *
 * @param terms texts that each must be part of id or name
 */
record DeviceFilter(
        @Nullable String status,
        @Nullable String site,
        @Nullable String type,
        List<String> terms) {
    static final Set<String> STATES = Set.of("reporting", "late", "silent", "offline", "unknown");
    private static final int MAX_TERMS = 8;

    /** Reads the parameters; {@code q} may hold {@code status:}, {@code site:} and {@code type:} tokens among its words. */
    static DeviceFilter of(@Nullable String q, @Nullable String status, @Nullable String site, @Nullable String type) {
        String wantedStatus = blankToNull(status);
        String wantedSite = blankToNull(site);
        String wantedType = blankToNull(type);
        List<String> terms = new ArrayList<>();
        for (String word : q == null ? new String[0] : q.strip().split("\\s+")) {
            if (word.startsWith("status:")) {
                wantedStatus = word.substring("status:".length());
            } else if (word.startsWith("site:")) {
                wantedSite = word.substring("site:".length());
            } else if (word.startsWith("type:")) {
                wantedType = word.substring("type:".length());
            } else if (!word.isEmpty()) {
                terms.add(word);
            }
        }
        if (terms.size() > MAX_TERMS) {
            throw Problems.badParameter("q", "may have " + MAX_TERMS + " words");
        }
        if (wantedStatus != null && !STATES.contains(wantedStatus)) {
            throw Problems.badParameter("status", "must be reporting, late, silent, offline or unknown");
        }
        return new DeviceFilter(wantedStatus, wantedSite, wantedType, List.copyOf(terms));
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
