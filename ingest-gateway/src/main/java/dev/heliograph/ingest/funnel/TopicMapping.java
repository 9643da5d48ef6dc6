package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One layout of topics: which level names the tenant, the device and the metric. Levels are compared as text;
 * {@code {tenant}}, {@code {device}} and {@code {metric}} stand for one level each. A layout that names neither tenant nor
 * device takes both from the connection.
 *
 * <p>Immutable. The seam for layouts of others: a layout is data, not code.
 */
public final class TopicMapping {
    /** Heliograph's own layout, one message with any number of metrics. */
    public static final TopicMapping NATIVE = new TopicMapping("iot/v1/{tenant}/{device}/telemetry", "metrics");

    /** Heliograph's own layout, one metric by topic. */
    public static final TopicMapping NATIVE_METRIC =
            new TopicMapping("iot/v1/{tenant}/{device}/telemetry/{metric}", "metrics");

    /** ThingsBoard's device API; its long form holds the samples in {@code values}. */
    public static final TopicMapping THINGSBOARD = new TopicMapping("v1/devices/me/telemetry", "values");

    private static final String TENANT = "{tenant}";
    private static final String DEVICE = "{device}";
    private static final String METRIC = "{metric}";

    private final String pattern;
    private final String[] levels;
    private final String samplesMember;
    private final boolean identityInTopic;

    /**
     * A layout.
     *
     * @param pattern the levels, separated by slashes
     * @param samplesMember the member of a payload's object that holds the samples in the long form
     * @throws IllegalArgumentException if only one of tenant and device is named, or one of the three twice
     */
    public TopicMapping(String pattern, String samplesMember) {
        this.pattern = pattern;
        this.levels = pattern.split("/", -1);
        this.samplesMember = samplesMember;
        this.identityInTopic = count(TENANT) == 1;
        if (count(TENANT) != count(DEVICE) || count(TENANT) > 1 || count(METRIC) > 1) {
            throw new IllegalArgumentException(
                    "a layout names tenant and device once each or not at all, and metric at most once: " + pattern);
        }
    }

    /** What a topic says by this layout; empty where the topic is of another. */
    Optional<Route> match(String topic) {
        String tenant = null;
        String device = null;
        String metric = null;
        int from = 0;
        for (int level = 0; level < levels.length; level++) {
            boolean last = level == levels.length - 1;
            int slash = topic.indexOf('/', from);
            if (last != (slash < 0)) {
                return Optional.empty();
            }
            int to = last ? topic.length() : slash;
            String expected = levels[level];
            switch (expected) {
                case TENANT -> tenant = topic.substring(from, to);
                case DEVICE -> device = topic.substring(from, to);
                case METRIC -> metric = topic.substring(from, to);
                default -> {
                    if (to - from != expected.length() || !topic.startsWith(expected, from)) {
                        return Optional.empty();
                    }
                }
            }
            from = to + 1;
        }
        return Optional.of(new Route(this, tenant, device, metric));
    }

    /** The topics of one device by this layout, for an authorisation by comparison. */
    public boolean isOwn(String topic, DeviceKey principal) {
        return match(topic).filter(route -> route.isOf(principal)).isPresent();
    }

    String samplesMember() {
        return samplesMember;
    }

    /** An MQTT topic filter that covers the layout. */
    public String filter() {
        List<String> filter = new ArrayList<>();
        for (String level : levels) {
            filter.add(level.startsWith("{") ? "+" : level);
        }
        return String.join("/", filter);
    }

    @Override
    public String toString() {
        return pattern;
    }

    private int count(String placeholder) {
        int count = 0;
        for (String level : levels) {
            count += level.equals(placeholder) ? 1 : 0;
        }
        return count;
    }

    /**
     * A topic taken apart. The texts are as they came: not yet checked.
     *
     * @param mapping by which layout
     * @param tenant the level of the tenant, or null where the layout has none
     * @param device the level of the device, or null likewise
     * @param metric the level of the metric, or null likewise
     */
    record Route(
            TopicMapping mapping,
            @Nullable String tenant,
            @Nullable String device,
            @Nullable String metric) {

        boolean isOf(DeviceKey principal) {
            return !mapping.identityInTopic
                    || principal.tenant().value().equals(tenant)
                            && principal.device().value().equals(device);
        }

        boolean namesDevice() {
            return mapping.identityInTopic;
        }

        Optional<DeviceKey> deviceKey() {
            if (tenant == null || device == null) {
                return Optional.empty();
            }
            String deviceLevel = device;
            return TenantId.parse(tenant)
                    .flatMap(owner -> DeviceId.parse(deviceLevel).map(id -> new DeviceKey(owner, id)));
        }
    }
}
