package dev.heliograph.query.stream;

import dev.heliograph.model.wire.Topics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a stream shows, and the Kafka topic that it comes from. Positions name them by their place in this list: new ones go
 * to its end.
 */
enum StreamTopic {
    SAMPLES(Topics.READINGS, true, true),
    WINDOWS(Topics.WINDOWS, true, true),
    PRESENCE(Topics.PRESENCE, false, true),
    ALERTS(Topics.ALERT_TRANSITIONS, false, true),
    SYSTEM(null, false, true),
    LEDGER(null, false, true),
    /** What the store changed after the fact: comes with samples and with windows, nobody asks for it. */
    REVISIONS(Topics.WINDOW_REVISIONS, true, false);

    final @Nullable String kafkaTopic;
    /** Whether devices must be named: all samples of a fleet are nobody's screen. */
    final boolean needsDevices;
    /** Whether a client names it. */
    final boolean isAsked;

    StreamTopic(@Nullable String kafkaTopic, boolean needsDevices, boolean isAsked) {
        this.kafkaTopic = kafkaTopic;
        this.needsDevices = needsDevices;
        this.isAsked = isAsked;
    }

    /** What clients call it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<StreamTopic> of(String word) {
        return Arrays.stream(values())
                .filter(topic -> topic.isAsked && topic.word().equals(word))
                .findFirst();
    }

    static Optional<StreamTopic> ofKafka(String kafkaTopic) {
        return live().stream()
                .filter(topic -> kafkaTopic.equals(topic.kafkaTopic))
                .findFirst();
    }

    /** Those that come from Kafka. */
    static List<StreamTopic> live() {
        return LIVE;
    }

    private static final List<StreamTopic> LIVE =
            Arrays.stream(values()).filter(topic -> topic.kafkaTopic != null).toList();
}
