package dev.heliograph.writer.plan;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Location;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.wire.AlertTransitionRecord;
import dev.heliograph.model.wire.LedgerClaimRecord;
import dev.heliograph.model.wire.LedgerStamp;
import dev.heliograph.model.wire.PresenceRecord;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WireFormatException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns a batch of records into the plan of one transaction. Pure: the same batch gives the same plan. A record that
 * cannot be decoded becomes a row of the quarantine, never an exception.
 */
public final class Planner {
    private static final Comparator<SeriesKey> BY_SERIES = Comparator.comparing(
                    (SeriesKey key) -> key.device().tenant().value())
            .thenComparing(key -> key.device().device().value())
            .thenComparing(SeriesKey::metric);

    private final Map<Place, Long> expected;
    private final Verdicts verdicts;
    private final Map<Place, Long> next = new TreeMap<>();
    private final Map<SeriesKey, SeriesRows> measurements = new HashMap<>();
    private final List<Repeat> repeats = new ArrayList<>();
    private final Map<StateRow.Id, StateRow> states = new LinkedHashMap<>();
    private final List<StateRow> stateRepeats = new ArrayList<>();
    private final Map<WindowRow.Id, WindowRow> windows = new HashMap<>();
    private final Map<WindowRow.Id, RepairRow> repairs = new HashMap<>();
    private final Map<DeviceKey, PresenceRecord> presence = new HashMap<>();
    private final List<PresenceRecord> presenceChanges = new ArrayList<>();
    private final Map<UUID, AlertRow> alerts = new TreeMap<>();
    private final List<AlertTransitionRecord> transitions = new ArrayList<>();
    private final List<QuarantineRow> quarantine = new ArrayList<>();
    private final Map<DeviceKey, SequenceSteps> sequences = new HashMap<>();
    private final Map<MetricKey, MetricUnit> units = new HashMap<>();
    private final Map<SchemaChange.Id, SchemaChange> schemaChanges = new HashMap<>();
    private final Map<DeviceKey, PositionRow> positions = new HashMap<>();
    private final Ledger ledger = new Ledger();
    private long readings;
    private @Nullable LedgerStamp stamp;

    /** A metric of the catalogue. */
    private record MetricKey(TenantId tenant, MetricName metric) {}

    private Planner(Map<Place, Long> expected, Verdicts verdicts) {
        this.expected = expected;
        this.verdicts = verdicts;
    }

    /**
     * Plans a batch.
     *
     * @param records in the order of each partition
     * @param expected for every partition in the batch, the offset that the store holds
     * @param verdicts what the database is known to refuse
     * @throws IllegalArgumentException if a partition's expected offset is missing
     */
    public static WritePlan plan(List<TopicRecord> records, Map<Place, Long> expected, Verdicts verdicts) {
        Planner planner = new Planner(expected, verdicts);
        records.forEach(planner::add);
        return planner.result();
    }

    private void add(TopicRecord record) {
        next.put(record.place(), record.offset() + 1);
        stamp = record.stamp();
        String refused = verdicts.records().get(Verdicts.Position.of(record));
        if (refused != null) {
            refuse(record, QuarantineRow.DATABASE, refused);
            return;
        }
        try {
            decode(record);
        } catch (WireFormatException | IllegalArgumentException poison) {
            boolean newer = poison instanceof WireFormatException format && format.isOfUnknownVersion();
            refuse(record, newer ? QuarantineRow.SCHEMA : QuarantineRow.POISON, String.valueOf(poison.getMessage()));
        }
    }

    private void decode(TopicRecord record) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            throw new WireFormatException("no value");
        }
        switch (record.place().topic()) {
            case Topics.READINGS -> add(record, ReadingCodec.decode(value));
            case Topics.WINDOWS -> add(WindowRecord.CODEC.decode(value));
            case Topics.PRESENCE -> add(PresenceRecord.CODEC.decode(value));
            case Topics.ALERT_TRANSITIONS -> add(AlertTransitionRecord.CODEC.decode(value));
            case Topics.QUARANTINE -> add(record, QuarantineRecord.CODEC.decode(value));
            case Topics.LEDGER -> add(LedgerClaimRecord.CODEC.decode(value));
            default ->
                throw new WireFormatException(
                        "nothing is known of the topic " + record.place().topic());
        }
    }

    private void refuse(TopicRecord record, String reason, String why) {
        String topic = record.place().topic();
        boolean counted = topic.equals(Topics.READINGS) || topic.equals(Topics.QUARANTINE);
        LedgerStamp sent = record.stamp();
        // What the gateway counted for the record is refused with it, whatever can be read of it here.
        long units = !counted ? 0 : sent == null ? 1 : sent.units();
        quarantine(Refusals.record(record, reason, why, units));
    }

    private void quarantine(QuarantineRow row) {
        if (row.units() > 0) {
            ledger.received(row.tenant(), row.receivedMicros(), row.units(), stamp);
        }
        quarantine.add(row);
    }

    private void add(TopicRecord record, Reading reading) {
        StorableTime.require("ts", reading.timeMicros());
        StorableTime.require("received", reading.receivedMicros());
        readings++;
        boolean isHistory = reading.flags().contains(ReadingFlag.BACKFILL);
        Long number = reading.sequence();
        if (number != null && number >= 0 && !isHistory) {
            sequences.computeIfAbsent(reading.device(), SequenceSteps::new).add(number, reading.timeMicros());
        }
        Location location = reading.location();
        if (location != null) {
            positions.merge(
                    reading.device(),
                    new PositionRow(reading.device(), reading.timeMicros(), location),
                    (one, other) -> other.timeMicros() > one.timeMicros() ? other : one);
        }
        Map<String, String> refused = verdicts.samples().getOrDefault(Verdicts.Position.of(record), Map.of());
        for (Sample sample : reading.samples()) {
            String why = refused.get(sample.metric().value());
            SeriesKey series = new SeriesKey(reading.device(), sample.metric());
            if (why != null) {
                quarantine(Refusals.refusedSample(
                        series, reading.timeMicros(), text(sample), reading.receivedMicros(), why));
                continue;
            }
            if (isHistory && !(sample instanceof Sample.State)) {
                repairsOf(series, reading.timeMicros(), record);
            }
            catalogue(series, reading, sample);
            switch (sample) {
                case Sample.Measurement m -> measure(series, MetricKind.NUMBER, reading, m.value());
                case Sample.Flag f -> measure(series, MetricKind.BOOLEAN, reading, f.asMeasurement());
                case Sample.State s -> state(series, reading, s.text());
            }
        }
    }

    /** The stream leaves the windows of a reading of the past to us: they are due as soon as it is stored. */
    private void repairsOf(SeriesKey series, long timeMicros, TopicRecord record) {
        for (WindowSize size : WindowSize.values()) {
            long start = size.startOf(timeMicros);
            askRepair(new RepairRow(series, size, start, record.place().partition(), record.offset()));
        }
    }

    private void askRepair(RepairRow repair) {
        repairs.merge(
                new WindowRow.Id(repair.series(), repair.size(), repair.startMicros()),
                repair,
                (one, other) -> one.sourceOffset() >= other.sourceOffset() ? one : other);
    }

    /** Notes what the sample says of its metric, where it says anything. */
    private void catalogue(SeriesKey series, Reading reading, Sample sample) {
        String unit = sample instanceof Sample.Measurement number ? number.unit() : null;
        if (unit != null) {
            MetricKey metric = new MetricKey(series.device().tenant(), series.metric());
            if (!units.containsKey(metric)) {
                units.put(
                        metric,
                        new MetricUnit(metric.tenant().value(), metric.metric().value(), unit));
            }
        }
        if (reading.flags().contains(ReadingFlag.SCHEMA_CHANGED)) {
            MetricKind kind = switch (sample) {
                case Sample.Measurement number -> MetricKind.NUMBER;
                case Sample.Flag flag -> MetricKind.BOOLEAN;
                case Sample.State state -> MetricKind.STATE;
            };
            long received = reading.receivedMicros();
            SchemaChange change = new SchemaChange(series, kind, unit == null ? "" : unit, received, received, 1);
            schemaChanges.merge(change.id(), change, SchemaChange::and);
        }
    }

    private static String text(Sample sample) {
        return switch (sample) {
            case Sample.Measurement m -> Double.toString(m.value());
            case Sample.Flag f -> Boolean.toString(f.value());
            case Sample.State s -> s.text();
        };
    }

    private void measure(SeriesKey series, MetricKind kind, Reading reading, double value) {
        SeriesRows rows = measurements.computeIfAbsent(series, key -> new SeriesRows(key, kind));
        long received = reading.receivedMicros();
        ledger.received(series.device().tenant().value(), received, 1, stamp);
        if (!rows.offer(reading.timeMicros(), value, received)) {
            repeats.add(new Repeat(series, reading.timeMicros(), value, received));
        }
    }

    private void state(SeriesKey series, Reading reading, String text) {
        long received = reading.receivedMicros();
        // Refused here and not by the database: its refusal would depend on what else is in the batch.
        if (!StorableText.holds(text)) {
            quarantine(Refusals.refusedSample(
                    series, reading.timeMicros(), text, received, "the text has a NUL or half a surrogate pair"));
            return;
        }
        StateRow fresh = new StateRow(series, reading.timeMicros(), text, received);
        ledger.received(series.device().tenant().value(), received, 1, stamp);
        if (states.putIfAbsent(fresh.id(), fresh) != null) {
            stateRepeats.add(fresh);
        }
    }

    private void add(WindowRecord window) {
        require("tenant", window.tenant());
        require("device", window.device());
        require("metric", window.metric());
        require("size", window.size());
        require("phase", window.phase());
        SeriesKey series = series(window.tenant(), window.device(), window.metric());
        WindowSize size = WindowSize.parse(window.size())
                .orElseThrow(() -> new WireFormatException("no table for windows of size " + window.size()));
        if (window.phase().equals("repair")) {
            Integer partition = window.srcPartition();
            Long offset = window.srcOffset();
            if (partition == null || offset == null) {
                throw new WireFormatException("a repair needs srcPartition and srcOffset");
            }
            askRepair(new RepairRow(series, size, window.start(), partition, offset));
            return;
        }
        int phase = switch (window.phase()) {
            case "early" -> 0;
            case "final" -> 1;
            case "revised" -> 2;
            default -> throw new WireFormatException("unknown phase " + window.phase());
        };
        WindowRow row = new WindowRow(series, size, phase, window);
        windows.merge(row.id(), row, (old, fresh) -> fresh.supersedes(old) ? fresh : old);
    }

    private void add(PresenceRecord record) {
        require("tenant", record.tenant());
        require("device", record.device());
        require("state", record.state());
        DeviceKey device = DeviceKey.of(record.tenant(), record.device());
        presence.merge(device, record, (old, fresh) -> fresh.at() >= old.at() ? fresh : old);
        presenceChanges.add(record);
    }

    private void add(AlertTransitionRecord transition) {
        require("id", transition.id());
        require("alert", transition.alert());
        require("tenant", transition.tenant());
        require("device", transition.device());
        require("rule", transition.rule());
        require("ruleName", transition.ruleName());
        require("kind", transition.kind());
        require("severity", transition.severity());
        require("from", transition.from());
        require("to", transition.to());
        require("explanation", transition.explanation());
        DeviceKey.of(transition.tenant(), transition.device());
        UUID.fromString(transition.id());
        AlertRow first = AlertRow.of(transition);
        alerts.merge(first.id(), first, (old, fresh) -> old.then(transition));
        transitions.add(transition);
    }

    private void add(LedgerClaimRecord claim) {
        require("lines", claim.lines());
        long source = claim.sourceNumber();
        List<ClaimRow> rows = new ArrayList<>(claim.lines().size());
        for (LedgerClaimRecord.Line line : claim.lines()) {
            require("tenant", line.tenant());
            require("offsets", line.offsets());
            StorableTime.require("minute", line.minute());
            if (line.acknowledged() < 0 || line.unsure() < 0) {
                throw new WireFormatException("the counts of a claim must not be negative");
            }
            rows.add(new ClaimRow(
                    StorableText.of(line.tenant()),
                    line.minute(),
                    source,
                    claim.instance() == null ? null : StorableText.of(claim.instance()),
                    line.acknowledged(),
                    line.unsure(),
                    line.offsets()));
        }
        rows.forEach(ledger::claimed);
    }

    private void add(TopicRecord from, QuarantineRecord record) {
        require("id", record.id());
        require("tenant", record.tenant());
        require("topic", record.topic());
        require("transport", record.transport());
        require("reason", record.reason());
        require("detail", record.detail());
        require("sha256", record.sha256());
        require("payload", record.payload());
        StorableTime.require("received", record.received());
        quarantine(new QuarantineRow(
                UUID.fromString(record.id()),
                record.tenant(),
                record.device(),
                record.topic(),
                record.transport(),
                record.reason(),
                record.detail(),
                record.metric(),
                record.received(),
                record.size(),
                record.sha256(),
                record.payload(),
                // What a service of ours could not read of another topic is accounted for where that topic is read.
                record.transport().equals(Refusals.BY) ? 0 : 1,
                record.contentType(),
                record.mode(),
                from.offset()));
    }

    // The codec leaves a component null where its field is absent.
    private static void require(String field, @Nullable Object value) {
        if (value == null) {
            throw new WireFormatException("the field " + field + " is required");
        }
    }

    private static SeriesKey series(String tenant, String device, String metric) {
        return new SeriesKey(DeviceKey.of(tenant, device), new MetricName(metric));
    }

    private WritePlan result() {
        return new WritePlan(
                advances(),
                sorted(measurements.values(), Comparator.comparing(SeriesRows::series, BY_SERIES)),
                repeats,
                sorted(
                        states.values(),
                        Comparator.comparing(StateRow::series, BY_SERIES).thenComparing(StateRow::timeMicros)),
                stateRepeats,
                sorted(
                        windows.values(),
                        Comparator.comparing(WindowRow::size)
                                .thenComparing(WindowRow::series, BY_SERIES)
                                .thenComparing(row -> row.summary().start())),
                sorted(
                        repairs.values(),
                        Comparator.comparing(RepairRow::series, BY_SERIES)
                                .thenComparing(RepairRow::size)
                                .thenComparing(RepairRow::startMicros)),
                sorted(presence.values(), Comparator.comparing((PresenceRecord p) -> p.tenant() + "/" + p.device())),
                presenceChanges,
                List.copyOf(alerts.values()),
                transitions,
                List.copyOf(quarantine),
                sorted(
                        sequences.values(),
                        Comparator.comparing(steps -> steps.device().toString())),
                sorted(units.values(), Comparator.comparing(MetricUnit::tenant).thenComparing(MetricUnit::metric)),
                sorted(
                        schemaChanges.values(),
                        Comparator.comparing(SchemaChange::series, BY_SERIES)
                                .thenComparing(SchemaChange::kind)
                                .thenComparing(SchemaChange::unit)),
                sorted(
                        positions.values(),
                        Comparator.comparing((PositionRow row) ->
                                        row.device().tenant().value())
                                .thenComparing(row -> row.device().device().value())),
                ledger,
                readings);
    }

    private List<Advance> advances() {
        List<Advance> advances = new ArrayList<>();
        next.forEach((place, offset) -> {
            Long from = expected.get(place);
            if (from == null) {
                throw new IllegalArgumentException("no expected offset for " + place);
            }
            advances.add(new Advance(place, from, offset));
        });
        return advances;
    }

    private static <T> List<T> sorted(java.util.Collection<T> rows, Comparator<T> order) {
        List<T> list = new ArrayList<>(rows);
        list.sort(order);
        return list;
    }
}
