package dev.heliograph.query.stream;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.problem.Problems;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one stream shows: everything that one of its views wants, once. Equal subscriptions share their bytes. The tenant is
 * part of it: nothing is looked up without one.
 *
 * @param samplesPerSecond of each series at most; {@link #EVERY_SAMPLE} for all of them
 */
record Subscription(TenantId tenant, Set<View> views, int samplesPerSecond) {
    /** No sample is left out for a reader that keeps up. */
    static final int EVERY_SAMPLE = 0;

    private static final int MOST_PER_SECOND = 20;

    Subscription {
        views = Set.copyOf(views);
    }

    /**
     * A subscription within the limits.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 if the pace is none, 422 for more than the limits
     */
    static Subscription of(TenantId tenant, List<View> views, int samplesPerSecond, StreamSettings limits) {
        if (samplesPerSecond < EVERY_SAMPLE || samplesPerSecond > MOST_PER_SECOND) {
            throw Problems.badParameter(
                    "samplesPerSecond", "must be from 1 to " + MOST_PER_SECOND + ", or 0 for every sample");
        }
        refuseMore(views.size(), limits.maxViews(), "subscriptions");
        refuseMore(views.stream().flatMap(view -> view.devices().stream()), limits.maxDevices(), "devices");
        refuseMore(views.stream().flatMap(view -> view.metrics().stream()), limits.maxMetrics(), "metrics");
        return new Subscription(tenant, Set.copyOf(views), samplesPerSecond);
    }

    private static void refuseMore(java.util.stream.Stream<String> names, int limit, String what) {
        refuseMore(names.distinct().count(), limit, what);
    }

    private static void refuseMore(long count, int limit, String what) {
        if (count > limit) {
            throw Problems.overLimit("A stream may name " + limit + " " + what + ".");
        }
    }

    /** The topics of all views. */
    Set<StreamTopic> topics() {
        Set<StreamTopic> all = EnumSet.noneOf(StreamTopic.class);
        views.forEach(view -> all.addAll(view.topics()));
        return all;
    }

    /** Whether it shows anything that comes from Kafka. */
    boolean isLive() {
        return views.stream().anyMatch(view -> view.topics().stream().anyMatch(topic -> topic.kafkaTopic != null));
    }

    /** Whether some view shows the fleet, so that every device must be looked at. */
    boolean everyDevice() {
        return views.stream().anyMatch(View::everyDevice);
    }

    /** The devices that are named. */
    Collection<String> devices() {
        return views.stream().flatMap(view -> view.devices().stream()).collect(Collectors.toSet());
    }

    boolean covers(StreamTopic topic, String device) {
        return views.stream().anyMatch(view -> view.covers(topic, device));
    }

    boolean wants(Fragment fragment) {
        return views.stream().anyMatch(view -> view.wants(fragment));
    }
}
