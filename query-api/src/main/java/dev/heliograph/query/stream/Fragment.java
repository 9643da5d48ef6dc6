package dev.heliograph.query.stream;

import org.jspecify.annotations.Nullable;

/**
 * One entry of an event, encoded once and shared by everybody who gets it.
 *
 * @param event name of the event that lists it
 * @param key what a newer fragment may stand for when a reader is slow; null for what must not be left out
 * @param json the entry
 * @param newest the entry with its newest point alone, for readers who want only so many a second; null for what is no sample
 */
record Fragment(
        StreamTopic topic,
        String event,
        String device,
        @Nullable String metric,
        @Nullable String key,
        byte[] json,
        @Nullable Fragment newest) {
    /** An entry that is shown as it is or not at all. */
    Fragment(
            StreamTopic topic,
            String event,
            String device,
            @Nullable String metric,
            @Nullable String key,
            byte[] json) {
        this(topic, event, device, metric, key, json, null);
    }
}
