package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one place where bytes become readings: every transport hands its messages here, and every part of a message leaves
 * either in a reading or as a refusal with a reason. Good samples are kept when others of the same message are refused.
 *
 * <p>It waits for nothing, asks no clock, keeps no state of its own and throws nothing on any input; time and memory are
 * linear in the length of the payload. Thread-safe.
 */
public final class Funnel {
    private static final String JSON_TYPE = "application/json";
    private static final String UTF_8_PARAMETER = "charset=utf-8";

    private final FunnelLimits limits;
    private final TopicMappings mappings;
    private final Admission admission;
    private final PayloadParser parser;

    public Funnel(FunnelLimits limits, TopicMappings mappings, Admission admission) {
        this.limits = limits;
        this.mappings = mappings;
        this.admission = admission;
        this.parser = new PayloadParser(limits);
    }

    /** Judges one message. */
    public Outcome pass(RawMessage message) {
        Optional<TopicMapping.Route> match = mappings.route(message.topic());
        if (match.isEmpty()) {
            return refuse(message.principal(), Reason.TOPIC, "no layout knows this topic");
        }
        TopicMapping.Route route = match.get();
        Optional<DeviceKey> named = route.deviceKey();
        if (route.namesDevice() && named.isEmpty()) {
            return refuse(message.principal(), Reason.TOPIC, "tenant or device of the topic breaks the grammar of ids");
        }
        DeviceKey principal = message.principal();
        DeviceKey device = principal == null ? named.orElse(null) : principal;
        if (device == null) {
            return refuse(null, Reason.TOPIC, "this layout takes the device from the connection, and there is none");
        }
        if (!route.isOf(device)) {
            return refuse(device, Reason.IDENTITY_MISMATCH, "the topic names another device than the connection");
        }
        Refusal envelope = envelopeFault(message, device);
        return envelope == null ? parse(message, route, device) : Outcome.refused(device, envelope);
    }

    private @Nullable Refusal envelopeFault(RawMessage message, DeviceKey device) {
        if (!admission.knows(device)) {
            return Refusal.ofMessage(Reason.UNKNOWN_DEVICE, "the device is not registered or disabled");
        }
        if (!isJson(message.contentType())) {
            return Refusal.ofMessage(Reason.CONTENT_TYPE, "unsupported content type " + message.contentType());
        }
        if (message.userProperties() > limits.maxUserProperties()) {
            return Refusal.ofMessage(
                    Reason.PROPERTY,
                    message.userProperties() + " user properties, at most " + limits.maxUserProperties());
        }
        int length = message.payload().length;
        if (length > limits.maxPayloadBytes()) {
            return Refusal.ofMessage(Reason.TOO_LARGE, length + " bytes, at most " + limits.maxPayloadBytes());
        }
        if (length == 0) {
            return Refusal.ofMessage(Reason.EMPTY, "no payload");
        }
        String encodingFault = Utf8.fault(message.payload());
        return encodingFault == null ? null : Refusal.ofMessage(Reason.ENCODING, encodingFault);
    }

    private Outcome parse(RawMessage message, TopicMapping.Route route, DeviceKey device) {
        MetricName metric = null;
        String metricLevel = route.metric();
        if (metricLevel != null) {
            metric = MetricNames.find(metricLevel);
            if (metric == null) {
                return refuse(device, Reason.METRIC_NAME, "the last level of the topic is no metric name");
            }
        }
        Outcome parsed = parser.parse(message, device, metric, route.mapping().samplesMember());
        return withinBudget(parsed, device);
    }

    /** Takes out the samples of metrics that are beyond the device's budget; last, so that refused input costs no budget. */
    private Outcome withinBudget(Outcome parsed, DeviceKey device) {
        List<Refusal> over = null;
        List<Reading> kept = new ArrayList<>(parsed.readings().size());
        for (int index = 0; index < parsed.readings().size(); index++) {
            Reading reading = parsed.readings().get(index);
            List<Sample> admitted = null;
            for (int i = 0; i < reading.samples().size(); i++) {
                Sample sample = reading.samples().get(i);
                if (admission.admits(device, sample.metric())) {
                    if (admitted != null) {
                        admitted.add(sample);
                    }
                    continue;
                }
                if (admitted == null) {
                    admitted = new ArrayList<>(reading.samples().subList(0, i));
                }
                over = over == null ? new ArrayList<>(parsed.refusals()) : over;
                over.add(new Refusal(
                        Reason.CARDINALITY,
                        "the device has reached its number of distinct metrics",
                        "",
                        sample.metric().value(),
                        index));
            }
            keep(kept, reading, admitted);
        }
        return over == null ? parsed : new Outcome(device, kept, over, parsed.items());
    }

    private static void keep(List<Reading> kept, Reading reading, @Nullable List<Sample> admitted) {
        if (admitted == null) {
            kept.add(reading);
        } else if (!admitted.isEmpty()) {
            kept.add(new Reading(
                    reading.device(),
                    reading.timeMicros(),
                    reading.receivedMicros(),
                    reading.sequence(),
                    admitted,
                    reading.location(),
                    reading.transport(),
                    reading.flags()));
        }
    }

    /** Whether a declared content type (null for none) means JSON in UTF-8. */
    public static boolean isJson(@Nullable String contentType) {
        if (contentType == null || contentType.isEmpty() || contentType.equals(JSON_TYPE)) {
            return true;
        }
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", 2);
        return parts[0].strip().equals(JSON_TYPE)
                && (parts.length == 1 || parts[1].strip().replace("\"", "").equals(UTF_8_PARAMETER));
    }

    private static Outcome refuse(@Nullable DeviceKey device, Reason reason, String detail) {
        return Outcome.refused(device, Refusal.ofMessage(reason, detail));
    }
}
