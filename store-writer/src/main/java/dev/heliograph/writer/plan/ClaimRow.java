package dev.heliograph.writer.plan;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway claims to have had acknowledged of one tenant and minute; totals of its source.
 *
 * @param minuteMicros start of the minute of receipt, µs since the epoch
 * @param acknowledged units that must be found
 * @param unsure units that may be found
 * @param offsets by {@code topic-partition}, the highest offset among those acknowledged
 */
public record ClaimRow(
        String tenant,
        long minuteMicros,
        long source,
        @Nullable String instance,
        long acknowledged,
        long unsure,
        Map<String, Long> offsets) {
    /** This claim after an earlier one of the same line: totals grow, and the offsets are those of the last growth. */
    ClaimRow after(ClaimRow earlier) {
        boolean grew = acknowledged > earlier.acknowledged;
        return new ClaimRow(
                tenant,
                minuteMicros,
                source,
                instance,
                Math.max(acknowledged, earlier.acknowledged),
                Math.max(unsure, earlier.unsure),
                grew ? offsets : earlier.offsets);
    }

    Ledger.SourceLine line() {
        return new Ledger.SourceLine(tenant, minuteMicros, source);
    }
}
