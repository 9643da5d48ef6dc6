package dev.heliograph.query.history;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.wire.CorrectionRecord;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deletion or correction whose parts make sense.
 *
 * @param metric null: every metric of the device
 * @param points sorted by time; null for other actions
 */
record CorrectionWish(
        DeviceId device,
        @Nullable String metric,
        String action,
        Instant from,
        Instant to,
        @Nullable Double value,
        @Nullable List<CorrectionRecord.Point> points,
        String reason) {}
