package dev.heliograph.ingest.funnel;

import java.util.List;

/** Layouts of topics and payloads that are in use elsewhere, ready to be switched on. */
public enum Layout {
    /** Our own: one message with any number of metrics, or one metric by topic. */
    HELIOGRAPH(
            new TopicMapping("iot/v1/{tenant}/{device}/telemetry", Codecs.STANDARD),
            new TopicMapping("iot/v1/{tenant}/{device}/telemetry/{metric}", Codecs.STANDARD)),
    /** ThingsBoard's device and gateway API. What is not telemetry is taken and left aside. */
    THINGSBOARD(
            new TopicMapping("v1/devices/me/telemetry", Codecs.THINGSBOARD),
            new TopicMapping(
                    "v1/gateway/telemetry", Codecs.THINGSBOARD_GATEWAY, null, MappingOptions.DEFAULTS.withSlugs()),
            new TopicMapping(
                    "v1/devices/{device}/telemetry", Codecs.THINGSBOARD, null, MappingOptions.DEFAULTS.withSlugs()),
            new TopicMapping("v1/devices/me/attributes", Codecs.IGNORE),
            new TopicMapping("v1/devices/me/attributes/#", Codecs.IGNORE),
            new TopicMapping("v1/devices/me/rpc/#", Codecs.IGNORE),
            new TopicMapping("v1/devices/me/claim", Codecs.IGNORE),
            new TopicMapping("v1/gateway/connect", Codecs.IGNORE),
            new TopicMapping("v1/gateway/disconnect", Codecs.IGNORE),
            new TopicMapping("v1/gateway/attributes", Codecs.IGNORE),
            new TopicMapping("v1/gateway/attributes/#", Codecs.IGNORE),
            new TopicMapping("v1/gateway/rpc", Codecs.IGNORE),
            new TopicMapping("v1/gateway/claim", Codecs.IGNORE));

    private final List<TopicMapping> mappings;

    Layout(TopicMapping... mappings) {
        this.mappings = List.of(mappings);
    }

    /** Its rows, in the order in which they are asked. */
    public List<TopicMapping> mappings() {
        return mappings;
    }
}
