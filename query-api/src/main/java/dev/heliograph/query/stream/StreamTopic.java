package dev.heliograph.query.stream;

import dev.heliograph.model.wire.Topics;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client may ask for, and the Kafka topic that it comes from. */
enum StreamTopic {
    SAMPLES(Topics.READINGS, true),
    WINDOWS(Topics.WINDOWS, true),
    PRESENCE(Topics.PRESENCE, false),
    ALERTS(Topics.ALERT_TRANSITIONS, false),
    SYSTEM(null, false);

    final @Nullable String kafkaTopic;
    /** Whether devices must be named: all samples of a fleet are nobody's screen. */
    final boolean needsDevices;

    StreamTopic(@Nullable String kafkaTopic, boolean needsDevices) {
        this.kafkaTopic = kafkaTopic;
        this.needsDevices = needsDevices;
    }

    static Optional<StreamTopic> of(String name) {
        for (StreamTopic topic : values()) {
            if (topic.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }

    static Optional<StreamTopic> ofKafka(String kafkaTopic) {
        for (StreamTopic topic : values()) {
            if (kafkaTopic.equals(topic.kafkaTopic)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }
}
