package dev.heliograph.writer.plan;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireFormatException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A correction at its place in the log of readings, checked: everything before it is stored, nothing after it is.
 *
 * @param correction what is to be changed
 * @param place the partition
 * @param offset its offset there
 */
public record CorrectionStep(CorrectionRecord correction, Place place, long offset) {
    private static final Set<String> ACTIONS = Set.of("delete", "set", "offset", "scale", "points");

    /** Whether a record is a correction; which may still be malformed. */
    public static boolean isOne(TopicRecord record) {
        return record.place().topic().equals(Topics.READINGS) && CorrectionRecord.isOne(record.value());
    }

    /**
     * Reads a correction.
     *
     * @throws WireFormatException if it is malformed
     */
    public static CorrectionStep of(TopicRecord record) {
        byte[] value = record.value();
        if (value == null) {
            throw new WireFormatException("no value");
        }
        CorrectionRecord correction = CorrectionRecord.CODEC.decode(value);
        try {
            check(correction);
        } catch (IllegalArgumentException broken) {
            throw new WireFormatException("correction: " + broken.getMessage(), broken);
        }
        return new CorrectionStep(correction, record.place(), record.offset());
    }

    private static void check(CorrectionRecord correction) {
        UUID.fromString(correction.correction());
        DeviceKey.of(correction.tenant(), correction.device());
        String metric = correction.metric();
        if (metric != null) {
            new MetricName(metric);
        }
        StorableTime.require("from", correction.from());
        StorableTime.require("to", correction.to());
        StorableTime.require("requestedAt", correction.requestedAt());
        Double value = correction.value();
        List<CorrectionRecord.Point> points = correction.points();
        boolean delete = "delete".equals(correction.action());
        boolean byPoints = "points".equals(correction.action());
        boolean byValue = !delete && !byPoints;
        if (correction.from() >= correction.to()
                || !ACTIONS.contains(correction.action())
                || byValue != (value != null && Double.isFinite(value))
                || byPoints != (points != null && !points.isEmpty())
                || (!delete && metric == null)) {
            throw new IllegalArgumentException("action, range, metric and values do not fit together");
        }
        if (points != null
                && points.stream().anyMatch(point -> point.ts() < correction.from() || point.ts() >= correction.to())) {
            throw new IllegalArgumentException("a point is outside of the range");
        }
        if (!StorableText.holds(correction.reason()) || !StorableText.holds(correction.actor())) {
            throw new IllegalArgumentException("reason or actor cannot be stored");
        }
    }

    /** The id of the correction. */
    public UUID id() {
        return UUID.fromString(correction.correction());
    }
}
