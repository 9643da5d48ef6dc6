package dev.heliograph.writer.plan;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Location;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.CorrectionRecord;
import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.LedgerStamp;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Builds topics in memory, offset by offset. Times are given in seconds after {@link #NOON}. */
public final class TestRecords {
    /** 2026-11-23T12:00:00Z in microseconds. */
    public static final long NOON = 1_795_435_200_000_000L;

    public static final String TENANT = "demo";
    public static final String RULE = "00000000-0000-4000-8000-000000000001";

    private final Map<Place, Long> ends = new HashMap<>();
    private long corrections;
    private final List<TopicRecord> records = new ArrayList<>();
    private @Nullable LedgerStamp stamp;
    private @Nullable Long sequence;

    /** Microseconds of a time in seconds after noon. */
    public static long at(double seconds) {
        return NOON + Math.round(seconds * 1e6);
    }

    public TestRecords number(String device, String metric, double seconds, double value) {
        return reading(device, seconds, seconds + 1, new Sample.Measurement(new MetricName(metric), value));
    }

    /** A reading of one temperature that says where the device was. */
    public TestRecords located(String device, double seconds, Location location) {
        Reading reading = new Reading(
                DeviceKey.of(TENANT, device),
                at(seconds),
                at(seconds + 1),
                sequence,
                List.of(new Sample.Measurement(new MetricName("temperature"), seconds)),
                location,
                Transport.MQTT,
                Set.of());
        return add(Topics.READINGS, device, ReadingCodec.encode(reading));
    }

    public TestRecords reading(String device, double seconds, double receivedSeconds, Sample... samples) {
        Reading reading = new Reading(
                DeviceKey.of(TENANT, device),
                at(seconds),
                at(receivedSeconds),
                sequence,
                List.of(samples),
                null,
                Transport.MQTT,
                Set.of());
        return add(Topics.READINGS, device, ReadingCodec.encode(reading));
    }

    /** A correction of a range; {@code metric} null: of all metrics. */
    public TestRecords correction(
            String device,
            @Nullable String metric,
            String action,
            double from,
            double to,
            @Nullable Double value,
            CorrectionRecord.Point... points) {
        CorrectionRecord correction = new CorrectionRecord(
                1,
                new UUID(7, corrections++).toString(),
                TENANT,
                device,
                metric,
                action,
                at(from),
                at(to),
                value,
                points.length == 0 ? null : List.of(points),
                "olga",
                "sensor was drifting",
                NOON);
        return add(Topics.READINGS, device, CorrectionRecord.CODEC.encode(correction));
    }

    /** A reading whose metrics the gateway has found to be others than they were. */
    public TestRecords changed(String device, double seconds, Sample... samples) {
        Reading reading = new Reading(
                DeviceKey.of(TENANT, device),
                at(seconds),
                at(seconds + 1),
                sequence,
                List.of(samples),
                null,
                Transport.MQTT,
                Set.of(ReadingFlag.SCHEMA_CHANGED));
        return add(Topics.READINGS, device, ReadingCodec.encode(reading));
    }

    /** A reading of the past that came by the way of history. */
    public TestRecords past(String device, String metric, double seconds, double value) {
        Reading reading = new Reading(
                DeviceKey.of(TENANT, device),
                at(seconds),
                NOON,
                null,
                List.of(new Sample.Measurement(new MetricName(metric), value)),
                null,
                Transport.HTTP,
                Set.of(ReadingFlag.BACKFILL));
        return add(Topics.READINGS, device, ReadingCodec.encode(reading));
    }

    public TestRecords window(
            String device, String metric, String size, double start, String phase, int rev, long count, double mean) {
        return add(
                Topics.WINDOWS,
                device,
                WindowRecord.CODEC.encode(window(device, metric, size, start, phase, rev, count, mean, null)));
    }

    /** A closed window of one hour with the sketch of its values. */
    public TestRecords hour(String device, String metric, double start, byte[] sketch, long count, double mean) {
        WindowRecord plain = window(device, metric, "1h", start, "final", 0, count, mean, null);
        String json = new String(WindowRecord.CODEC.encode(plain), StandardCharsets.UTF_8);
        String withSketch = json.substring(0, json.length() - 1) + ",\"sketch\":\""
                + Base64.getEncoder().encodeToString(sketch) + "\"}";
        return add(Topics.WINDOWS, device, withSketch.getBytes(StandardCharsets.UTF_8));
    }

    public TestRecords repair(String device, String metric, String size, double start, long sourceOffset) {
        return add(
                Topics.WINDOWS,
                device,
                WindowRecord.CODEC.encode(window(device, metric, size, start, "repair", 0, 0, 0, sourceOffset)));
    }

    private static WindowRecord window(
            String device,
            String metric,
            String size,
            double start,
            String phase,
            int rev,
            long count,
            double mean,
            @Nullable Long sourceOffset) {
        return new WindowRecord(
                1,
                TENANT,
                device,
                metric,
                size,
                at(start),
                at(start + 10),
                phase,
                rev,
                count,
                mean * count,
                mean,
                mean,
                mean,
                at(start),
                mean,
                at(start + 9),
                mean,
                0,
                at(start + 10),
                sourceOffset == null ? null : 0,
                sourceOffset,
                null);
    }

    public TestRecords presence(String device, String state, @Nullable String previous, double at) {
        return add(
                Topics.PRESENCE,
                device,
                PresenceRecord.CODEC.encode(new PresenceRecord(
                        1, TENANT, device, state, previous, at(at), at(at), null, 10_000L, true, null)));
    }

    public TestRecords silentMetrics(String device, double at, List<String> metrics) {
        return add(
                Topics.PRESENCE,
                device,
                PresenceRecord.CODEC.encode(new PresenceRecord(
                        1, TENANT, device, "reporting", "reporting", at(at), at(at), null, 10_000L, true, metrics)));
    }

    public TestRecords transition(String id, String alert, String from, String to, double decidedAt) {
        return add(
                Topics.ALERT_TRANSITIONS,
                "boiler-1",
                AlertTransitionRecord.CODEC.encode(new AlertTransitionRecord(
                        1,
                        id,
                        alert,
                        TENANT,
                        "boiler-1",
                        "temperature",
                        RULE,
                        1,
                        "Overheat",
                        "threshold",
                        "critical",
                        from,
                        to,
                        46.9,
                        46.0,
                        at(decidedAt - 1),
                        at(decidedAt),
                        "temperature 46.9 >= 46")));
    }

    public TestRecords quarantine(String id, String device, String reason, double received) {
        return add(
                Topics.QUARANTINE,
                device,
                QuarantineRecord.CODEC.encode(new QuarantineRecord(
                        1,
                        id,
                        TENANT,
                        device,
                        "iot/v1/demo",
                        "mqtt",
                        reason,
                        "refused\0",
                        null,
                        at(received),
                        3,
                        "00",
                        new byte[] {1, 2, 3})));
    }

    public TestRecords add(String topic, String device, byte @Nullable [] value) {
        return add(new Place(topic, 0), device, value);
    }

    public TestRecords add(Place place, String device, byte @Nullable [] value) {
        long offset = ends.merge(place, 1L, Long::sum) - 1;
        records.add(new TopicRecord(place, offset, NOON / 1_000, TENANT + "/" + device, value, stamp));
        stamp = null;
        sequence = null;
        return this;
    }

    /** The next record carries this stamp. */
    public TestRecords stamped(LedgerStamp next) {
        stamp = next;
        return this;
    }

    /** The next reading carries this sequence number. */
    public TestRecords sequenced(long next) {
        sequence = next;
        return this;
    }

    public TestRecords claim(long source, LedgerClaimRecord.Line... lines) {
        return add(
                Topics.LEDGER,
                "gateway",
                LedgerClaimRecord.CODEC.encode(
                        new LedgerClaimRecord(1, LedgerClaimRecord.text(source), "gateway-0", NOON, List.of(lines))));
    }

    /** Offset that the next record of a topic gets. */
    public long end(String topic) {
        return ends.getOrDefault(new Place(topic, 0), 0L);
    }

    /** What was added so far, in order. */
    public List<TopicRecord> all() {
        return List.copyOf(records);
    }

    /** What was added since the last call. */
    public List<TopicRecord> take() {
        List<TopicRecord> taken = List.copyOf(records);
        records.clear();
        return taken;
    }
}
