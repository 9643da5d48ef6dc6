package dev.heliograph.query.stream;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.problem.Problems;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one stream shows. Equal subscriptions share their bytes. The tenant is part of it: nothing is looked up without one.
 *
 * @param devices names; empty for every device of the tenant
 * @param metrics names; empty for every metric
 */
record Subscription(TenantId tenant, Set<StreamTopic> topics, Set<String> devices, Set<String> metrics) {
    private static final String EVERY = "*";

    Subscription {
        topics = Set.copyOf(topics);
        devices = Set.copyOf(devices);
        metrics = Set.copyOf(metrics);
    }

    /** Reads the parameters; 400 for what is malformed, 422 for more than the limits. */
    static Subscription of(
            TenantId tenant,
            @Nullable String topics,
            @Nullable List<String> devices,
            @Nullable List<MetricName> metrics,
            StreamSettings limits) {
        Set<StreamTopic> wanted = EnumSet.noneOf(StreamTopic.class);
        for (String name : (topics == null ? "" : topics).split(",")) {
            wanted.add(StreamTopic.of(name)
                    .orElseThrow(() ->
                            Problems.badParameter("topics", "must list samples, windows, presence, alerts or system")));
        }
        Set<String> named = devices(devices, limits);
        if (named.isEmpty() && wanted.stream().anyMatch(topic -> topic.needsDevices)) {
            throw Problems.badParameter("device", "must name at least one device for samples and windows");
        }
        Set<String> chosen = new TreeSet<>();
        if (metrics != null) {
            metrics.forEach(metric -> chosen.add(metric.value()));
        }
        if (chosen.size() > limits.maxMetrics()) {
            throw Problems.overLimit("A stream may name " + limits.maxMetrics() + " metrics.");
        }
        return new Subscription(tenant, wanted, named, chosen);
    }

    private static Set<String> devices(@Nullable List<String> devices, StreamSettings limits) {
        Set<String> named = new TreeSet<>();
        if (devices == null || devices.equals(List.of(EVERY))) {
            return named;
        }
        for (String device : devices) {
            if (DeviceId.parse(device).isEmpty()) {
                throw Problems.badParameter("device", "must match [a-z0-9][a-z0-9_-]{0,63}, or be the one *");
            }
            named.add(device);
        }
        if (named.size() > limits.maxDevices()) {
            throw Problems.overLimit("A stream may name " + limits.maxDevices() + " devices.");
        }
        return named;
    }

    boolean everyDevice() {
        return devices.isEmpty();
    }

    boolean wants(Fragment fragment) {
        String metric = fragment.metric();
        return topics.contains(fragment.topic())
                && (metric == null
                        || metrics.isEmpty()
                        || metrics.contains(metric)
                        || fragment.topic() == StreamTopic.ALERTS);
    }
}
