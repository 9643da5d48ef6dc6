package dev.heliograph.query.alerts;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some alerts of a list, newest first.
 *
 * @param total how many the filter matches
 * @param totalIsExact false where there are more than {@code total}
 * @param counts of those that the filter matches
 */
public record AlertPage(
        List<Alert> items, @Nullable String nextCursor, long total, boolean totalIsExact, Counts counts) {
    /** Numbers by severity, and how many are acknowledged and how many are still pending. */
    @Schema(name = "AlertCounts")
    public record Counts(long critical, long warning, long info, long acknowledged, long pending) {
        long all() {
            return critical + warning + info;
        }
    }
}
