package dev.heliograph.query.stream;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.problem.Problems;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One part of a subscription: topics of devices.
 *
 * @param devices names; empty for every device of the tenant
 * @param metrics names; empty for every metric; presence and alerts are shown whatever is named here
 */
record View(Set<StreamTopic> topics, Set<String> devices, Set<String> metrics) {
    private static final String EVERY = "*";

    View {
        topics = Set.copyOf(topics);
        devices = Set.copyOf(devices);
        metrics = Set.copyOf(metrics);
    }

    /**
     * Reads the words of a request.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 for a word that is malformed or missing
     */
    static View of(
            Collection<String> topics, @Nullable Collection<String> devices, @Nullable Collection<String> metrics) {
        Set<StreamTopic> wanted = EnumSet.noneOf(StreamTopic.class);
        for (String name : topics) {
            wanted.add(StreamTopic.of(name)
                    .orElseThrow(() -> Problems.badParameter(
                            "topics", "must list samples, windows, presence, alerts, system or ledger")));
        }
        if (wanted.isEmpty()) {
            throw Problems.badParameter("topics", "must name at least one");
        }
        Set<String> named = devices(devices);
        if (named.isEmpty() && wanted.stream().anyMatch(topic -> topic.needsDevices)) {
            throw Problems.badParameter("device", "must name at least one device for samples and windows");
        }
        if (wanted.contains(StreamTopic.SAMPLES) || wanted.contains(StreamTopic.WINDOWS)) {
            wanted.add(StreamTopic.REVISIONS);
        }
        return new View(wanted, named, metrics(metrics));
    }

    private static Set<String> devices(@Nullable Collection<String> devices) {
        Set<String> named = new TreeSet<>();
        if (devices == null || List.copyOf(devices).equals(List.of(EVERY))) {
            return named;
        }
        for (String device : devices) {
            if (DeviceId.parse(device).isEmpty()) {
                throw Problems.badParameter("device", "must match [a-z0-9][a-z0-9_-]{0,63}, or be the one *");
            }
            named.add(device);
        }
        return named;
    }

    private static Set<String> metrics(@Nullable Collection<String> metrics) {
        Set<String> named = new TreeSet<>();
        if (metrics != null) {
            for (String metric : metrics) {
                named.add(MetricName.parse(metric)
                        .orElseThrow(() -> Problems.badParameter("metric", "must match [A-Za-z][A-Za-z0-9_.-]{0,63}"))
                        .value());
            }
        }
        return named;
    }

    boolean everyDevice() {
        return devices.isEmpty();
    }

    boolean covers(StreamTopic topic, String device) {
        return topics.contains(topic) && (everyDevice() || devices.contains(device));
    }

    boolean wants(Fragment fragment) {
        String metric = fragment.metric();
        return covers(fragment.topic(), fragment.device())
                && (metric == null
                        || metrics.isEmpty()
                        || metrics.contains(metric)
                        || fragment.topic() == StreamTopic.ALERTS);
    }
}
