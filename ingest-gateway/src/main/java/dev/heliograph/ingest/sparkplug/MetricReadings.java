package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.ingest.sparkplug.DataType.Converted;
import dev.heliograph.ingest.sparkplug.Definitions.Definition;
import dev.heliograph.ingest.sparkplug.Payload.Metric;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The readings of one payload whose metrics are defined: one reading for each instant that its metrics name. Each metric is
 * a sample, is refused with a reason, or carries nothing (null, transient, a control of the protocol). Not thread-safe: one
 * for each message.
 */
final class MetricReadings {
    private static final int GOOD_QUALITY = 192;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long MAX_MILLIS = Long.MAX_VALUE / MICROS_PER_MILLI;

    private final RawMessage message;
    private final DeviceKey device;
    private final FunnelLimits limits;
    private final @Nullable Long sentMillis;
    private final Map<Long, Draft> drafts = new LinkedHashMap<>();
    private final List<Refusal> refusals = new ArrayList<>(0);
    private int nulls;
    private int transients;

    /** The samples of one instant. */
    private static final class Draft {
        private final Set<MetricName> metrics = new HashSet<>();
        private final List<Sample> samples = new ArrayList<>();
        private final Set<ReadingFlag> flags = EnumSet.noneOf(ReadingFlag.class);
    }

    private MetricReadings(RawMessage message, DeviceKey device, @Nullable Long sentMillis, FunnelLimits limits) {
        this.message = message;
        this.device = device;
        this.sentMillis = sentMillis;
        this.limits = limits;
    }

    /**
     * Reads the metrics of a payload.
     *
     * @param definitions what the birth says of them
     * @param former what the birth before said, for a message that came between the two; what both do not say alike is
     *     refused. Null for a message that came after the birth
     */
    static MetricReadings of(
            RawMessage message,
            DeviceKey device,
            Payload payload,
            Definitions definitions,
            @Nullable Definitions former,
            FunnelLimits limits) {
        MetricReadings readings = new MetricReadings(message, device, payload.timestampMillis(), limits);
        for (int index = 0; index < payload.metrics().size(); index++) {
            readings.metric(index, payload.metrics().get(index), definitions, former);
        }
        return readings;
    }

    /** Readings and refusals. */
    Outcome outcome() {
        List<Reading> readings = new ArrayList<>(drafts.size());
        drafts.forEach((micros, draft) -> readings.add(new Reading(
                device,
                micros,
                message.receivedMicros(),
                null,
                draft.samples,
                null,
                message.transport(),
                draft.flags)));
        return new Outcome(device, readings, refusals, Math.max(1, readings.size()));
    }

    /** How many metrics explicitly had no value. */
    int nulls() {
        return nulls;
    }

    /** How many metrics are not to be stored. */
    int transients() {
        return transients;
    }

    private void metric(int index, Metric metric, Definitions definitions, @Nullable Definitions former) {
        String pointer = "/metrics/" + index;
        Definition definition = definitions.find(metric);
        if (definition == null) {
            refuse(Reason.SPARKPLUG, "no birth defines " + nameOrAlias(metric), pointer, null);
            return;
        }
        if (definition.isAmbiguous()) {
            refuse(Reason.SPARKPLUG, "the birth gave " + nameOrAlias(metric) + " to several metrics", pointer, null);
            return;
        }
        Definition before = former == null ? null : former.find(metric);
        if (before != null && !before.means(definition)) {
            String detail = "the births before and after it differ in " + nameOrAlias(metric);
            refuse(Reason.SPARKPLUG, detail, pointer, null);
            return;
        }
        if (Definitions.isControl(definition.name())) {
            return;
        }
        MetricName name = definition.metric();
        if (name == null) {
            refuse(
                    Reason.METRIC_NAME,
                    "\"" + definition.name() + "\" becomes no metric name of its own",
                    pointer,
                    null);
        } else if (metric.isTransient()) {
            transients++;
        } else if (metric.isNull()) {
            nulls++;
        } else {
            value(metric, definition, name, pointer);
        }
    }

    private void value(Metric metric, Definition definition, MetricName name, String pointer) {
        Long quality = metric.quality();
        if (quality != null && quality != GOOD_QUALITY) {
            refuse(Reason.SPARKPLUG, "quality " + quality + " instead of " + GOOD_QUALITY + " (good)", pointer, name);
            return;
        }
        if (metric.datatype() != 0 && metric.datatype() != definition.datatype()) {
            refuse(
                    Reason.SPARKPLUG,
                    DataType.name(metric.datatype()) + ", but " + DataType.name(definition.datatype()) + " at birth",
                    pointer,
                    name);
            return;
        }
        switch (DataType.convert(name, definition.datatype(), metric.value(), definition.unit())) {
            case Converted.Bad(Reason reason, String detail) -> refuse(reason, detail, pointer, name);
            case Converted.Good(Sample sample, boolean isExact) -> sample(metric, sample, isExact, pointer);
        }
    }

    private void sample(Metric metric, Sample sample, boolean isExact, String pointer) {
        Long acquired = metric.timestampMillis();
        if (acquired == null && metric.isHistorical()) {
            refuse(Reason.BAD_TS, "a historical value without a time of its own", pointer, sample.metric());
            return;
        }
        Long millis = acquired == null ? sentMillis : acquired;
        long micros = message.receivedMicros();
        if (millis != null) {
            micros = micros(millis);
            Reason fault = limits.timeFault(micros, message.receivedMicros());
            if (fault != null) {
                refuse(fault, "time " + Long.toUnsignedString(millis) + " ms", pointer, sample.metric());
                return;
            }
        }
        Draft draft = drafts.computeIfAbsent(micros, instant -> new Draft());
        if (!draft.metrics.add(sample.metric())) {
            refuse(Reason.DUPLICATE_KEY, "twice for the same time", pointer, sample.metric());
            return;
        }
        draft.samples.add(sample);
        if (millis == null) {
            draft.flags.add(ReadingFlag.TS_SERVER);
        }
        if (!isExact) {
            draft.flags.add(ReadingFlag.PRECISION);
        }
    }

    /** Microseconds; what no long can hold is far out of range and stays so. */
    private static long micros(long millis) {
        return millis < 0 || millis > MAX_MILLIS ? Long.MAX_VALUE : millis * MICROS_PER_MILLI;
    }

    private void refuse(Reason reason, String detail, String pointer, @Nullable MetricName metric) {
        refusals.add(new Refusal(reason, detail, pointer, metric == null ? null : metric.value(), 0));
    }

    private static String nameOrAlias(Metric metric) {
        Long alias = metric.alias();
        return metric.name() != null || alias == null
                ? "the name \"" + metric.name() + "\""
                : "the alias " + Long.toUnsignedString(alias);
    }
}
