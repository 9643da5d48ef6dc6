package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.funnel.Address;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.model.id.DeviceKey;

/** What one device may publish and subscribe to. */
final class OwnTopics {
    private final DeviceKey device;
    private final TopicMappings mappings;
    private final String status;
    private final String errors;

    OwnTopics(DeviceKey device, TopicMappings mappings) {
        this.device = device;
        this.mappings = mappings;
        String prefix = "iot/v1/" + device + "/";
        this.status = prefix + "status";
        this.errors = prefix + "errors";
    }

    /** What the mapping table says of a topic that the device publishes to. */
    Address address(String topic) {
        return mappings.address(topic, device);
    }

    boolean isTelemetry(String topic) {
        return address(topic).isGood();
    }

    boolean isStatus(String topic) {
        return status.equals(topic);
    }

    boolean isErrors(String filter) {
        return errors.equals(filter);
    }

    String errors() {
        return errors;
    }
}
