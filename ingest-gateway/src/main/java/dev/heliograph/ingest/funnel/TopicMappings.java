package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import java.util.List;
import java.util.Optional;

/** The layouts of topics that this gateway knows, asked in order. Immutable. */
public final class TopicMappings {
    /** Heliograph's own two layouts and ThingsBoard's. */
    public static final TopicMappings DEFAULTS =
            new TopicMappings(List.of(TopicMapping.NATIVE, TopicMapping.NATIVE_METRIC, TopicMapping.THINGSBOARD));

    private final List<TopicMapping> mappings;

    public TopicMappings(List<TopicMapping> mappings) {
        this.mappings = List.copyOf(mappings);
    }

    /** Whether the topic is one of telemetry that belongs to the device. */
    public boolean isOwn(String topic, DeviceKey principal) {
        for (TopicMapping mapping : mappings) {
            if (mapping.isOwn(topic, principal)) {
                return true;
            }
        }
        return false;
    }

    Optional<TopicMapping.Route> route(String topic) {
        for (TopicMapping mapping : mappings) {
            Optional<TopicMapping.Route> route = mapping.match(topic);
            if (route.isPresent()) {
                return route;
            }
        }
        return Optional.empty();
    }
}
