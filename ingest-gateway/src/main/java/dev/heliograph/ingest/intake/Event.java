package dev.heliograph.ingest.intake;

/**
 * One record on its way to a Kafka topic.
 *
 * @param topic name of the topic
 * @param key key of the record, {@code tenant/device}
 * @param value the encoded value; given away, not copied
 * @param timestampMillis time of the record: when the gateway received what it is about
 */
public record Event(String topic, String key, byte[] value, long timestampMillis) {}
