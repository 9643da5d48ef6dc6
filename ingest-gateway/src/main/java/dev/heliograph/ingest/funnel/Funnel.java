package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one place where bytes become readings: every transport hands its messages here, and every part of a message leaves
 * either in a reading or as a refusal with a reason. Good samples are kept when others of the same message are refused.
 *
 * <p>What a payload is, is decided by the mapping of its topic, which names a codec, and by the declared content type; the
 * two must agree. Only where neither says it the first byte decides between JSON and CBOR.
 *
 * <p>It waits for nothing, asks no clock, keeps no state of its own and throws nothing on any input; time and memory are
 * linear in the length of the payload. Thread-safe.
 */
public final class Funnel {
    /** Of readings that are numbered by their messages, not by their devices. */
    private static final long NO_STRAND = 0;

    private final FunnelLimits limits;
    private final TopicMappings mappings;
    private final Codecs codecs;
    private final Admission admission;

    /** A funnel with the built-in codecs. */
    public Funnel(FunnelLimits limits, TopicMappings mappings, Admission admission) {
        this(limits, mappings, Codecs.builtIn(), admission);
    }

    /** @throws IllegalArgumentException if a mapping names a codec that is not there */
    public Funnel(FunnelLimits limits, TopicMappings mappings, Codecs codecs, Admission admission) {
        this.limits = limits;
        this.mappings = mappings;
        this.codecs = codecs;
        this.admission = admission;
        mappings.rows().forEach(codecs::get);
    }

    /** Judges one message. */
    public Outcome pass(RawMessage message) {
        return pass(message, mappings.address(message.topic(), message.principal()));
    }

    /**
     * Judges one message.
     *
     * @param address what the mapping table says of its topic and principal, where that is known already
     */
    public Outcome pass(RawMessage message, Address address) {
        TopicMapping.Route route = address.route();
        TenantId tenant = address.tenant();
        Rejected fault = address.fault();
        if (fault != null) {
            return Outcome.refused(message.principal(), fault.refusal());
        }
        if (route == null || tenant == null) {
            return refuse(message.principal(), Reason.TOPIC, "no layout knows this topic");
        }
        DeviceKey device = address.device();
        try {
            PayloadCodec codec = codecs.get(route.mapping());
            if (device == null && !codec.namesDevices()) {
                throw new Rejected(Reason.TOPIC, "this layout takes the device from the connection, and there is none");
            }
            MediaType declared = checkEnvelope(message, device, codec);
            return admitted(
                    codec.decode(new Decoding(
                            message,
                            declared,
                            tenant,
                            device,
                            metric(route),
                            route.mapping().options(),
                            limits,
                            admission,
                            mappings.gateways())),
                    message.strand());
        } catch (Rejected rejected) {
            return Outcome.refused(device, rejected.refusal());
        }
    }

    /**
     * Judges readings that were made elsewhere, because their messages can only be read with the memory of others: whether the
     * device is known, and whether it may report these metrics.
     */
    public Outcome admit(Outcome made) {
        DeviceKey device = made.device();
        return device == null || admission.knows(device)
                ? admitted(made, NO_STRAND)
                : refuse(device, Reason.UNKNOWN_DEVICE, "the device is not registered or disabled");
    }

    private @Nullable MediaType checkEnvelope(RawMessage message, @Nullable DeviceKey device, PayloadCodec codec) {
        if (device != null && !admission.knows(device)) {
            throw new Rejected(Reason.UNKNOWN_DEVICE, "the device is not registered or disabled");
        }
        MediaType declared = declared(message.contentType(), codec);
        if (message.userProperties() > limits.maxUserProperties()) {
            throw new Rejected(
                    Reason.PROPERTY,
                    message.userProperties() + " user properties, at most " + limits.maxUserProperties());
        }
        int length = message.payload().length;
        if (length > limits.maxPayloadBytes()) {
            throw new Rejected(Reason.TOO_LARGE, length + " bytes, at most " + limits.maxPayloadBytes());
        }
        if (length == 0 && !(codec instanceof IgnoreCodec)) {
            throw new Rejected(Reason.EMPTY, "no payload");
        }
        return declared;
    }

    private @Nullable MediaType declared(@Nullable String contentType, PayloadCodec codec) {
        if (contentType == null || contentType.isEmpty()) {
            return null;
        }
        MediaType declared = MediaType.parse(contentType);
        if (declared != null && codec.reads(declared)) {
            return declared;
        }
        if (declared == null || !codecs.readsAny(declared)) {
            throw new Rejected(Reason.CONTENT_TYPE, "unsupported content type " + contentType);
        }
        throw new Rejected(Reason.TYPE_MISMATCH, declared.essence() + " on a topic whose payload is " + codec.name());
    }

    private static @Nullable MetricName metric(TopicMapping.Route route) {
        String level = route.metric();
        if (level == null) {
            return null;
        }
        MetricName metric = MetricNames.find(level);
        if (metric == null) {
            throw new Rejected(Reason.METRIC_NAME, "the level of the topic that names the metric is no metric name");
        }
        return metric;
    }

    /** Asks for each sample whether the device may report it; last, so that refused input costs no budget. */
    private Outcome admitted(Outcome parsed, long strand) {
        List<Refusal> over = null;
        List<Reading> kept = null;
        List<Reading> readings = parsed.readings();
        for (int index = 0; index < readings.size(); index++) {
            Reading reading = readings.get(index);
            Verdicts verdicts =
                    reading.flags().contains(ReadingFlag.BACKFILL) ? judgeHistory(reading) : judge(reading, strand);
            if (verdicts.isPlain()) {
                if (kept != null) {
                    kept.add(reading);
                }
                continue;
            }
            if (kept == null) {
                kept = new ArrayList<>(readings.subList(0, index));
            }
            if (!verdicts.refused().isEmpty()) {
                over = over == null ? new ArrayList<>(parsed.refusals()) : over;
                for (Sample sample : verdicts.refused()) {
                    over.add(new Refusal(
                            Reason.CARDINALITY,
                            "the device has reached its number of distinct metrics",
                            "",
                            sample.metric().value(),
                            index));
                }
            }
            Reading rest = verdicts.applyTo(reading);
            if (rest != null) {
                kept.add(rest);
            }
        }
        return kept == null
                ? parsed
                : new Outcome(parsed.device(), kept, over == null ? parsed.refusals() : over, parsed.items());
    }

    private Verdicts judge(Reading reading, long strand) {
        List<Sample> refused = List.of();
        boolean changed = false;
        List<Sample> samples = reading.samples();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            switch (admission.admits(reading.device(), sample)) {
                case ADMITTED -> {
                    // The common case.
                }
                case CHANGED -> changed = true;
                case REFUSED -> {
                    refused = refused.isEmpty() ? new ArrayList<>() : refused;
                    refused.add(sample);
                }
            }
        }
        Long sequence = reading.sequence();
        boolean gap = sequence != null && admission.isGap(reading.device(), strand, sequence);
        return refused.isEmpty() && !changed && !gap ? Verdicts.PLAIN : new Verdicts(refused, changed, gap);
    }

    /** Of the past nothing is learned about the present: neither the nature of a metric nor where the device counts. */
    private Verdicts judgeHistory(Reading reading) {
        List<Sample> refused = reading.samples().stream()
                .filter(sample -> !admission.admitsHistory(reading.device(), sample))
                .toList();
        return refused.isEmpty() ? Verdicts.PLAIN : new Verdicts(refused, false, false);
    }

    /** What became of one reading. */
    private record Verdicts(List<Sample> refused, boolean changed, boolean gap) {
        static final Verdicts PLAIN = new Verdicts(List.of(), false, false);

        boolean isPlain() {
            return this == PLAIN;
        }

        @Nullable
        Reading applyTo(Reading reading) {
            List<Sample> rest = reading.samples();
            if (!refused.isEmpty()) {
                rest = new ArrayList<>(rest);
                rest.removeAll(refused);
            }
            Set<ReadingFlag> flags = EnumSet.noneOf(ReadingFlag.class);
            flags.addAll(reading.flags());
            if (changed) {
                flags.add(ReadingFlag.SCHEMA_CHANGED);
            }
            if (gap) {
                flags.add(ReadingFlag.SEQ_GAP);
            }
            return rest.isEmpty()
                    ? null
                    : new Reading(
                            reading.device(),
                            reading.timeMicros(),
                            reading.receivedMicros(),
                            reading.sequence(),
                            rest,
                            reading.location(),
                            reading.transport(),
                            flags);
        }
    }

    private static Outcome refuse(@Nullable DeviceKey device, Reason reason, String detail) {
        return Outcome.refused(device, Refusal.ofMessage(reason, detail));
    }
}
