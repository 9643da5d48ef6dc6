package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * A resolved name of SenML, split into what it says of the device and of the metric.
 *
 * <ul>
 *   <li>{@code urn:dev:ow:10e2073a01080063:voltage} and {@code urn:dev:ow:10e2073a01080063_voltage} (RFC 9039): the URN and
 *       {@code voltage};
 *   <li>any other name with a colon is split at its last slash, else at its last colon;
 *   <li>{@code boiler-7/voltage} where the device is {@code boiler-7}: the device and {@code voltage};
 *   <li>everything else names a metric only.
 * </ul>
 *
 * In the metric slashes and colons become dots. A name without a metric gives that of the topic, else {@code value}.
 *
 * @param owner what the name says of the device, or null; a URN cannot be compared with the id of a device
 * @param metric what it says of the metric, not yet checked
 */
record SenmlName(@Nullable String owner, String metric) {
    private static final String DEVICE_URN = "urn:dev:";
    private static final String NO_METRIC = "value";

    /** The name; null where it is empty and the topic names no metric either. */
    static @Nullable SenmlName of(String full, String device, @Nullable MetricName topic) {
        if (full.isEmpty()) {
            return topic == null ? null : new SenmlName(null, topic.value());
        }
        if (full.startsWith(DEVICE_URN)) {
            return ofUrn(full, topic);
        }
        if (full.startsWith(device)
                && full.length() > device.length()
                && (full.charAt(device.length()) == '/' || full.charAt(device.length()) == ':')) {
            return split(full, device.length(), topic);
        }
        int colon = full.lastIndexOf(':');
        if (colon < 0) {
            return new SenmlName(null, dotted(full));
        }
        int slash = full.lastIndexOf('/');
        return split(full, slash < 0 ? colon : slash, topic);
    }

    /** Whether the device may be meant: what is no plain id cannot be told. */
    boolean isOf(String device) {
        if (owner == null || owner.equals(device)) {
            return true;
        }
        return owner.indexOf(':') >= 0 || owner.indexOf('/') >= 0;
    }

    private static SenmlName ofUrn(String full, @Nullable MetricName topic) {
        int id = full.indexOf(':', DEVICE_URN.length()) + 1;
        for (int i = id; id > 0 && i < full.length(); i++) {
            if (full.charAt(i) == ':' || full.charAt(i) == '_') {
                return split(full, i, topic);
            }
        }
        return split(full, full.length(), topic);
    }

    private static SenmlName split(String full, int at, @Nullable MetricName topic) {
        String metric =
                at + 1 < full.length() ? dotted(full.substring(at + 1)) : topic == null ? NO_METRIC : topic.value();
        return new SenmlName(full.substring(0, at), metric);
    }

    private static String dotted(String name) {
        return name.replace('/', '.').replace(':', '.');
    }
}
